import { registerFunctions } from "./azure-functions";

registerFunctions(process.env);
