import { PROJECT } from "../reading/gitlab";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-project-token-subject",
  title: "The subject of an ID token says which branch it is from",
  why: "A cloud that binds the subject alone could not tell a merge request's job from one of the protected branch.",
  remedy: "Leave `ciIdTokenSubClaimComponents` out, or list project_path, ref_type and ref.",
  severity: "high",
  types: [PROJECT],
  *check(project) {
    const parts = project.texts("ciIdTokenSubClaimComponents");
    const missing = ["project_path", "ref_type", "ref"].filter((part) => !parts.includes(part));
    if (parts.length > 0 && missing.length > 0)
      yield `leaves ${missing.join(", ")} out of its tokens' subject; list them in ciIdTokenSubClaimComponents`;
  },
});
