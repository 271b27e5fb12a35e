import { PolicyPack } from "@pulumi/policy";
import { packPolicy } from "./pack-policy";
import { RULES } from "./rules";

new PolicyPack("sopsloop", { policies: RULES.map(packPolicy) });
