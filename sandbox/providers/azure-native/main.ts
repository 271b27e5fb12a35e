import { serve } from "../engine/serve";
import { azureNativeProvider } from "./provider";

void serve(azureNativeProvider);
