import { join } from "node:path";
import { digestOf, newAccessToken } from "../access/secrets";
import { type AccessToken, type Group, type Project, ROLE, type User } from "../model";
import type { CiProject, CiUser } from "../pipelines/contract";
import { Repository } from "../repository/repository";
import { newSettings } from "./project-settings";
import type { Store } from "./store";

export interface NewProject {
  readonly group: Group;
  readonly path: string;
  readonly name?: string;
  readonly id?: number;
  /** A bare repository that is there already. @default a new one in the emulator's folder */
  readonly repository?: string;
  readonly defaultBranch?: string;
}

/** Users, groups and projects: making and finding them. */
export class Directory {
  constructor(
    private readonly store: Store,
    private readonly folder: string,
    private readonly address: string,
  ) {}

  user(id: number): User {
    const found = this.store.tables.users.find((user) => user.id === id);
    if (!found) throw new Error(`the store has no user ${id}`);
    return found;
  }

  group(id: number): Group {
    const found = this.store.tables.groups.find((group) => group.id === id);
    if (!found) throw new Error(`the store has no group ${id}`);
    return found;
  }

  /** By number or by `group/name`. */
  project(key: string | number): Project | undefined {
    const text = String(key);
    return this.store.tables.projects.find(
      (project) => String(project.id) === text || this.pathOf(project).toLowerCase() === text.toLowerCase(),
    );
  }

  pathOf(project: Project): string {
    return `${this.group(project.groupId).path}/${project.path}`;
  }

  urlOf(project: Project): string {
    return `${this.address}/${this.pathOf(project)}.git`;
  }

  /** The project as pipelines see it. */
  ciProject(project: Project): CiProject {
    const { settings } = project;
    return {
      id: project.id,
      path: this.pathOf(project),
      name: project.name,
      visibility: String(settings.visibility),
      defaultBranch: String(settings.default_branch),
      repository: project.repository,
      url: this.urlOf(project),
      ciConfigPath: String(settings.ci_config_path || ".gitlab-ci.yml"),
      buildTimeout: Number(settings.build_timeout),
    };
  }

  ciUser({ id, username, name, email }: User): CiUser {
    return { id, username, name, email };
  }

  addUser(
    username: string,
    about: Partial<Pick<User, "id" | "admin" | "bot" | "name" | "email">> = {},
  ): User {
    const { id = this.store.nextId(), admin = false, bot = false } = about;
    const { name = username, email = `${username}@noreply.invalid` } = about;
    const user: User = { id, username, name, email, admin, bot, state: "active" };
    this.store.tables.users.push(user);
    this.store.changed();
    return user;
  }

  /** A new access token of a user, told this once. */
  addToken(
    user: User,
    name: string,
    scopes: readonly string[],
    about: Pick<AccessToken, "projectId" | "expiresAt"> = {},
  ): { readonly id: number; readonly token: string } {
    const token = newAccessToken();
    const id = this.store.nextId();
    this.store.tables.tokens.push({ id, digest: digestOf(token), userId: user.id, name, scopes, ...about });
    this.store.changed();
    return { id, token };
  }

  addGroup(path: string, id = this.store.nextId()): Group {
    const group = { id, path };
    this.store.tables.groups.push(group);
    this.store.changed();
    return group;
  }

  /** Makes a project, its repository, and the protection of its default branch that GitLab gives it. */
  async addProject(wanted: NewProject): Promise<Project> {
    const { group, path, name = path, id = this.store.nextId(), defaultBranch = "main" } = wanted;
    const repository = wanted.repository ?? join(this.folder, "repositories", `${id}.git`);
    if (wanted.repository === undefined) await Repository.create(repository, defaultBranch);
    const project: Project = {
      id,
      groupId: group.id,
      name,
      path,
      createdAt: new Date().toISOString(),
      repository,
      archived: false,
      jobTokenProjects: [id],
      jobTokenGroups: [],
      jobTokenScope: true,
      settings: { ...newSettings(), default_branch: defaultBranch },
    };
    this.store.tables.projects.push(project);
    const entry = { accessLevel: ROLE.maintainer, userId: null, groupId: null, deployKeyId: null };
    this.store.tables.protectedBranches.push({
      id: this.store.nextId(),
      projectId: id,
      name: defaultBranch,
      allowForcePush: false,
      codeOwnerApproval: false,
      push: [{ id: this.store.nextId(), ...entry }],
      merge: [{ id: this.store.nextId(), ...entry }],
      unprotect: [],
    });
    this.store.changed();
    return project;
  }

  /** Gives a user a role, or another one. */
  setMember(project: Project, user: User, accessLevel: number): void {
    const { members } = this.store.tables;
    const found = members.find((one) => one.projectId === project.id && one.userId === user.id);
    if (found) found.accessLevel = accessLevel;
    else members.push({ projectId: project.id, userId: user.id, accessLevel });
    this.store.changed();
  }
}
