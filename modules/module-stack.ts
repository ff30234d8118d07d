import {
  App,
  TerraformElement,
  TerraformLocal,
  TerraformOutput,
  TerraformProvider,
  TerraformStack,
  TerraformVariable,
} from 'cdktf';
import type { Node } from 'constructs';
import { expression } from './hcl.ts';
import type { ConditionJson, ModuleJson } from './module-json.ts';

/** A rule that the value of a variable must keep, checked at plan; or what else is checked. */
export interface Validation {
  /** Expression that is true for a right value. */
  readonly condition: string;
  /** One sentence that names the variable and says what is right; may hold `${…}`. */
  readonly errorMessage: string;
}

export interface VariableProps {
  readonly description: string;
  /** Type constraint, as Terraform writes it. */
  readonly type: string;
  /** @default - the variable is required */
  readonly default?: unknown;
  /** @default - any value of the type */
  readonly validation?: readonly Validation[];
}

export interface OutputProps {
  readonly description: string;
  /** Expression. */
  readonly value: string;
  /**
   * What must hold where the value is used; else plan and apply fail.
   * @default - nothing
   */
  readonly precondition?: readonly Validation[];
}

export interface ModuleCallProps {
  /** Folder of the other module, from that of this one, such as `./modules/loki`. */
  readonly source: string;
  /**
   * Expression of a number: 1, or 0 for no call.
   * @default - the module is called once
   */
  readonly count?: string;
  /** Input → expression. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * A stack that synthesizes to a Terraform module which others call: no provider block, no backend, plain names.
 *
 * The id of a construct is `<name>.<kind>`: the name is what Terraform sees (`aws_iam_role.shipper` for
 * `shipper.role`), the kind only keeps siblings of one name apart, because construct ids are unique over all types.
 */
export class ModuleStack extends TerraformStack {
  /** Declares a provider that the caller configures. `version` is a floor: a pin would bind every caller. */
  requireProvider(name: string, source: string, version: string): void {
    new ProviderRequirement(this, `${name}.provider`, {
      terraformResourceType: name,
      terraformProviderSource: source,
      terraformGeneratorMetadata: { providerName: name, providerVersionConstraint: version },
    });
  }

  requireTerraform(version: string): void {
    this.addOverride('terraform.required_version', version);
  }

  /** A variable with a default is null only where that is its default: else the module need not ask. */
  variable(name: string, { default: fallback, description, type, validation }: VariableProps): TerraformVariable {
    const variable = new TerraformVariable(this, `${name}.variable`, {
      description,
      type,
      ...(fallback !== undefined && fallback !== null && { nullable: false }),
      ...(validation && {
        validation: validation.map(({ condition, errorMessage }) => ({
          condition: expression(condition),
          errorMessage,
        })),
      }),
    });
    // Not as a property: cdktf 0.21 turns the keys of a default into snake case.
    if (fallback !== undefined) variable.addOverride('default', fallback);
    return variable;
  }

  local(name: string, value: string): TerraformLocal {
    return new TerraformLocal(this, `${name}.local`, expression(value));
  }

  output(name: string, { description, value, precondition }: OutputProps): TerraformOutput {
    const output = new TerraformOutput(this, `${name}.output`, { description, value: expression(value) });
    // Not as a property: cdktf 0.21 takes one, and leaves it out.
    if (precondition) output.addOverride('precondition', conditionsJson(precondition));
    return output;
  }

  /** A call of another module: `module.<name>`. */
  call(name: string, props: ModuleCallProps): void {
    new ModuleCall(this, `${name}.module`, props);
  }

  /** What Terraform warns of, at plan and after the apply, when it does not hold. */
  check(name: string, ...assertions: readonly Validation[]): void {
    new Check(this, `${name}.check`, conditionsJson(assertions));
  }

  /** The module's file: what `toTerraform` gives without cdktf's metadata, in the order in which people read it. */
  toModule(): ModuleJson {
    const synthesized = this.toTerraform();
    const { terraform, variable = {}, locals = {}, data = {}, resource = {}, output = {} } = synthesized;
    const { module, check, moved, removed } = synthesized;
    return {
      terraform,
      variable: mapValues(variable, ({ validation, ...rest }) => ({
        ...ordered(['description', 'type', 'default', 'nullable'])(rest),
        ...(validation && { validation: validation.map(ordered(['condition', 'error_message'])) }),
      })),
      locals,
      data: mapValues(data, (blocks) => mapValues(blocks, ordered(...META_ARGUMENTS))),
      resource: mapValues(resource, (blocks) => mapValues(blocks, ordered(...META_ARGUMENTS))),
      ...(module && { module }),
      ...(check && { check }),
      output: mapValues(output, ordered(['description', 'value', 'precondition'])),
      ...(moved && { moved }),
      ...(removed && { removed }),
    };
  }

  override toTerraform(): Pick<ModuleJson, 'terraform'> & Partial<ModuleJson> {
    this.refuseEqualAddresses();
    const { '//': metadata, provider: _provider, ...synthesized } = super.toTerraform();
    const { backend: _backend, ...terraform } = synthesized.terraform;
    // The comment at the root stays: `cdktf synth` reads it, and Terraform does not.
    return Object.assign({ '//': metadata }, withoutComments({ ...synthesized, terraform }));
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    return node.id.split('.', 1).join();
  }

  /** Two elements of one address would silently be merged into one. */
  private refuseEqualAddresses(): void {
    const seen = new Set<string>();
    const elements = this.node.findAll().filter((node) => TerraformElement.isTerraformElement(node));
    for (const address of elements.flatMap((element) => addresses(element.toTerraform()))) {
      if (seen.has(address)) throw new EqualAddressesError(address);
      seen.add(address);
    }
  }
}

export class EqualAddressesError extends Error {
  override name = 'EqualAddressesError' as const;

  constructor(address: string) {
    super(`The module has two elements of the address ${address}: give one of them another name.`);
  }
}

/** An app that synthesizes to the folder that `cdktf synth` asks for. */
export function newModuleApp(): App {
  return new App({ outdir: process.env.CDKTF_OUTDIR ?? 'cdktf.out', stackTraces: false });
}

/** The provider's own class would write a provider block and an exact version. */
class ProviderRequirement extends TerraformProvider {}

/** A `check` block, which cdktf does not have. */
class Check extends TerraformElement {
  readonly #assert: readonly ConditionJson[];

  constructor(module: ModuleStack, id: string, assert: readonly ConditionJson[]) {
    super(module, id);
    this.#assert = assert;
  }

  override toTerraform() {
    return { check: { [this.friendlyUniqueId]: { assert: this.#assert } } };
  }
}

/** A `module` block. That of cdktf takes no expression for `count`, and writes other inputs than it was given. */
class ModuleCall extends TerraformElement {
  readonly #props: ModuleCallProps;

  constructor(module: ModuleStack, id: string, props: ModuleCallProps) {
    super(module, id);
    this.#props = props;
  }

  override toTerraform() {
    const { source, count, inputs } = this.#props;
    const block = { source, ...(count && { count: expression(count) }), ...mapValues(inputs, expression) };
    return { module: { [this.friendlyUniqueId]: block } };
  }
}

function conditionsJson(conditions: readonly Validation[]): ConditionJson[] {
  return conditions.map(({ condition, errorMessage }) => ({
    condition: expression(condition),
    error_message: errorMessage,
  }));
}

/** The addresses that one element synthesizes to, such as `resource.aws_iam_role.shipper` or `locals.region`. */
function addresses(element: Readonly<Record<string, Readonly<Record<string, object>> | undefined>>): string[] {
  return Object.entries(element).flatMap(([kind, blocks]) =>
    Object.entries(blocks ?? {}).flatMap(([name, block]) =>
      kind === 'resource' || kind === 'data'
        ? Object.keys(block).map((label) => `${kind}.${name}.${label}`)
        : [`${kind}.${name}`],
    ),
  );
}

function withoutComments<T>(value: T): T;
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutComments(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === '//' ? [] : [[key, withoutComments(item)]])),
  );
}

/** What Terraform itself reads of a block: at its beginning, and at its end. */
const META_ARGUMENTS = [
  ['count', 'for_each'],
  ['lifecycle', 'depends_on'],
] as const;

/** Puts the keys `first` first and the keys `last` last, and leaves the others where they are between them. */
function ordered(first: readonly string[], last: readonly string[] = []) {
  return <T extends object>(block: T): T => {
    const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length + 1 + last.indexOf(key));
    return Object.fromEntries(Object.entries(block).sort(([a], [b]) => rank(a) - rank(b))) as T;
  };
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
