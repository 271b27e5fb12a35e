import { serve } from "../engine/serve";
import { vaultProvider } from "./provider";

void serve(vaultProvider);
