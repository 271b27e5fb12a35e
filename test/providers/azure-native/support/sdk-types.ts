import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const SDK = join(__dirname, "../../../../node_modules/@pulumi/azure-native");

export type Side = "input" | "output";

/** The type of a property, as far as a table says it. */
export type SdkType =
  | { readonly kind: "text" | "number" | "flag" | "asset" | "any" }
  | { readonly kind: "list" | "map"; readonly of: SdkType }
  /** Names of the interfaces, within the module. */
  | { readonly kind: "object"; readonly of: readonly string[] };

export interface SdkProperty {
  readonly required: boolean;
  readonly type: SdkType;
}

export type SdkProperties = ReadonlyMap<string, SdkProperty>;

/** One module of the SDK, read from its type declarations. */
export class SdkModule {
  private readonly namespaces = new Map<Side, Map<string, SdkProperties>>();

  constructor(private readonly module: string) {}

  /** The arguments of a resource's constructor, or its outputs. */
  resource(name: string, side: Side): SdkProperties {
    const found = this.file(name).statements.find((statement) =>
      side === "input"
        ? ts.isInterfaceDeclaration(statement) && statement.name.text === `${name}Args`
        : ts.isClassDeclaration(statement) && statement.name?.text === name,
    );
    if (found === undefined) throw new Error(`${this.module} has no ${name}`);
    return propertiesIn((found as ts.InterfaceDeclaration | ts.ClassDeclaration).members);
  }

  /** The version of the REST API that the documentation of a resource names. */
  apiVersion(name: string): string | undefined {
    return /Uses Azure REST API version ([\w-]+)\./.exec(this.textOf(name))?.[1];
  }

  hasFunction(name: string): boolean {
    return this.textOf(name).includes(`export declare function ${name}(`);
  }

  /** An interface of `types/input` or `types/output`. */
  nested(name: string, side: Side): SdkProperties {
    const known = this.namespaces.get(side) ?? this.namespace(side);
    this.namespaces.set(side, known);
    const found = known.get(name);
    if (found === undefined) throw new Error(`${side}s.${this.module} has no ${name}`);
    return found;
  }

  /** Properties that the SDK itself fills into an argument of this type, whether the program says them or not. */
  filledIn(name: string): string[] {
    const all = readFileSync(join(SDK, "types", "input.js"), "utf8");
    const begin = all.indexOf(`(function (${this.module}) {`);
    const source = all.slice(begin, all.indexOf("\n(function (", begin + 1));
    const own = `${name[0]?.toLowerCase()}${name.slice(1)}ProvideDefaults`;
    const [, body = ""] = new RegExp(`function ${own}\\(val\\) \\{([^]*?)\\n    \\}`).exec(source) ?? [];
    return [...body.matchAll(/^ +(\w+): \(/gm)].map(([, property = ""]) => property);
  }

  private namespace(side: Side): Map<string, SdkProperties> {
    const all = readFileSync(join(SDK, "types", `${side}.d.ts`), "utf8");
    const begin = all.indexOf(`export declare namespace ${this.module} {`);
    const end = all.indexOf("\nexport declare namespace ", begin + 1);
    const source = parsed(all.slice(begin, end === -1 ? undefined : end));
    const interfaces = new Map<string, SdkProperties>();
    const visit = (node: ts.Node): void => {
      if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, propertiesIn(node.members));
      else ts.forEachChild(node, visit);
    };
    visit(source);
    return interfaces;
  }

  private file(name: string): ts.SourceFile {
    return parsed(this.textOf(name));
  }

  private textOf(name: string): string {
    const file = `${name[0]?.toLowerCase()}${name.slice(1)}.d.ts`;
    return readFileSync(join(SDK, this.module, file), "utf8");
  }
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile("sdk.d.ts", text, ts.ScriptTarget.Latest, true);
}

function propertiesIn(members: ts.NodeArray<ts.TypeElement | ts.ClassElement>): SdkProperties {
  const found = new Map<string, SdkProperty>();
  for (const member of members) {
    const isProperty = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member);
    if (!isProperty || member.type === undefined || member.name === undefined) continue;
    found.set(member.name.getText(), {
      required: member.questionToken === undefined,
      type: typeIn(member.type),
    });
  }
  return found;
}

function typeIn(node: ts.TypeNode): SdkType {
  if (ts.isParenthesizedTypeNode(node)) return typeIn(node.type);
  if (ts.isArrayTypeNode(node)) return { kind: "list", of: typeIn(node.elementType) };
  if (ts.isUnionTypeNode(node)) return unionIn(node.types);
  if (ts.isTypeLiteralNode(node)) return mapIn(node);
  if (ts.isTypeReferenceNode(node)) return referenceIn(node);
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  if (node.kind === ts.SyntaxKind.AnyKeyword) return { kind: "any" };
  return { kind: node.kind === ts.SyntaxKind.BooleanKeyword ? "flag" : "text" };
}

/** Enums are texts, and `undefined` says nothing. */
function unionIn(types: readonly ts.TypeNode[]): SdkType {
  const said = types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
  const members = said.map(typeIn);
  const objects = members.flatMap((member) => (member.kind === "object" ? member.of : []));
  if (objects.length > 0) return { kind: "object", of: objects };
  return members.find((member) => member.kind !== "text") ?? { kind: "text" };
}

function mapIn(node: ts.TypeLiteralNode): SdkType {
  const [signature] = node.members;
  if (signature === undefined || !ts.isIndexSignatureDeclaration(signature)) return { kind: "text" };
  return { kind: "map", of: typeIn(signature.type) };
}

function referenceIn(node: ts.TypeReferenceNode): SdkType {
  const name = node.typeName.getText();
  const [inner] = node.typeArguments ?? [];
  if (inner !== undefined) return typeIn(inner);
  if (name.startsWith("pulumi.asset.")) return { kind: "asset" };
  const [side, , type = ""] = name.split(".");
  return side === "inputs" || side === "outputs" ? { kind: "object", of: [type] } : { kind: "text" };
}
