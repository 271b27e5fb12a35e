# What the deployer's Vault token must be allowed, for the default mounts and key. With the loop's key it encrypts and decrypts nothing; but
# who may write policies and roles may grant himself anything, so guard this token as an administrator's.
path "auth/token/lookup-self"          { capabilities = ["read"] } # Pulumi's plugin looks its own token up before anything else
path "sys/mounts"                      { capabilities = ["read"] }
path "sys/mounts/transit"              { capabilities = ["create", "read", "update", "delete"] }
path "sys/mounts/transit/tune"         { capabilities = ["read", "update"] }
path "sys/auth"                        { capabilities = ["read"] }
path "sys/policies/acl/+"              { capabilities = ["create", "read", "update", "delete"] }
path "transit/config/keys"             { capabilities = ["create", "read", "update"] }
path "transit/keys/sops"               { capabilities = ["create", "read", "update", "delete"] }
path "transit/keys/sops/config"        { capabilities = ["create", "update"] }

# Only with vault.auth.method kubernetes.
path "sys/auth/kubernetes"             { capabilities = ["create", "read", "update", "delete", "sudo"] }
path "sys/auth/kubernetes/tune"        { capabilities = ["read", "update", "sudo"] }
path "sys/mounts/auth/kubernetes"      { capabilities = ["read"] }
path "sys/mounts/auth/kubernetes/tune" { capabilities = ["read", "update"] }
path "auth/kubernetes/config"          { capabilities = ["create", "read", "update", "delete"] }
path "auth/kubernetes/role/+"          { capabilities = ["create", "read", "update", "delete"] }

# Only with vault.auth.method jwt.
path "sys/auth/jwt"                    { capabilities = ["create", "update", "delete", "sudo"] }
path "sys/mounts/auth/jwt"             { capabilities = ["read"] }
path "sys/mounts/auth/jwt/tune"        { capabilities = ["read"] }
path "auth/jwt/config"                 { capabilities = ["create", "read", "update"] }
path "auth/jwt/role/+"                 { capabilities = ["create", "read", "update", "delete"] }

# Only with vault.audit.
path "sys/audit"                       { capabilities = ["read", "sudo"] }
path "sys/audit/file"                  { capabilities = ["create", "read", "update", "delete", "sudo"] }

# Only with gitlab.
path "sys/auth/gitlab"                 { capabilities = ["create", "read", "update", "delete", "sudo"] }
path "sys/auth/gitlab/tune"            { capabilities = ["read", "update", "sudo"] }
path "sys/mounts/auth/gitlab"          { capabilities = ["read"] }
path "sys/mounts/auth/gitlab/tune"     { capabilities = ["read", "update"] }
path "auth/gitlab/config"              { capabilities = ["create", "read", "update", "delete"] }
path "auth/gitlab/role/+"              { capabilities = ["create", "read", "update", "delete"] }

# Only where the program's own pipeline updates the stack: the GitLab token of a Maintainer, in version 2 of the KV engine.
path "secret/data/sopsloop/deploy"     { capabilities = ["read"] }

# Only with the secrets provider hashivault://pulumi: the secrets in the stack's state.
path "transit/decrypt/pulumi"          { capabilities = ["update"] }
