import { serve } from "../engine/serve";
import { gitlabProvider } from "./provider";

void serve(gitlabProvider);
