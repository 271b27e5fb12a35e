# What a preview's Vault token must be allowed: it looks up what is mounted, and changes nothing in Vault. Whoever may open a merge
# request can do with it what it may do, so give it no more than this, and leave out what the stack does not have. With vault.auth.method jwt
# it is the same as with kubernetes.
path "auth/token/lookup-self" { capabilities = ["read"] } # Pulumi's plugin looks its own token up before anything else
path "sys/mounts"             { capabilities = ["read"] }
path "sys/auth"               { capabilities = ["read"] }

# Only with vault.audit.
path "sys/audit"              { capabilities = ["read", "sudo"] }

# Only with adopt, once a person's update has taken over what was there.
path "transit/keys/sops"                   { capabilities = ["read"] }
path "sys/policies/acl/flux-sops-policy"   { capabilities = ["read"] }
path "auth/kubernetes/config"              { capabilities = ["read"] }
path "auth/kubernetes/role/flux-sops-role" { capabilities = ["read"] }

# The GitLab token that comments on the merge request and looks up the deploy project: a Reporter's, in version 2 of the KV engine.
path "secret/data/sopsloop/preview" { capabilities = ["read"] }

# Only with the secrets provider hashivault://pulumi. It decrypts every secret in the stack's state: trigger tokens, the Receiver's token,
# values of gitlabVariables. No preview does without. Encrypting is for whoever runs "pulumi stack init" alone.
path "transit/decrypt/pulumi" { capabilities = ["update"] }
