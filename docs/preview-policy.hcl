# What a preview's Vault token must be allowed: it looks up what is mounted, and changes nothing. Whoever may open a merge request
# can do with it what it may do, so give it no more than this.
path "sys/mounts" { capabilities = ["read"] }
path "sys/auth"   { capabilities = ["read"] }

# Only with vault.audit.
path "sys/audit"  { capabilities = ["read", "sudo"] }

# The GitLab token that comments on the merge request and looks up the deploy project: a Reporter's, in version 2 of the KV engine.
path "secret/data/sopsloop/preview" { capabilities = ["read"] }
