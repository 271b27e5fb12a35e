/** GitLab's tokens, Vault's, and whatever is sent as one. */
export const TOKENS = /gl(ptt|rt|pat|cbt)-[\w-]{10,}|hv[sb]\.[\w-]{20,}|Bearer [\w.-]{8,}|eyJ[\w-]{10,}\.eyJ/;
