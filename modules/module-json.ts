/** A published module as Terraform reads it: the parts of its `main.tf.json` that this project writes. */
export interface ModuleJson {
  readonly terraform: {
    readonly required_version: string;
    readonly required_providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
  };
  readonly variable: Readonly<Record<string, VariableJson>>;
  readonly locals: Readonly<Record<string, unknown>>;
  readonly data: BlocksJson;
  readonly resource: BlocksJson;
  /** Calls of other modules; left out when there is none. */
  readonly module?: Readonly<Record<string, ModuleCallJson>>;
  /** Left out when there is none: Terraform takes no empty object here. */
  readonly check?: Readonly<Record<string, CheckJson>>;
  readonly output: Readonly<Record<string, OutputJson>>;
  /** Addresses of earlier versions that have another name now; left out when there is none. */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  /** Addresses of earlier versions that are no more; left out when there is none. */
  readonly removed?: readonly { readonly from: string; readonly lifecycle: { readonly destroy: boolean } }[];
}

export interface ModuleCallJson {
  readonly source: string;
  readonly count?: string;
  readonly [input: string]: unknown;
}

export interface VariableJson {
  readonly description: string;
  readonly type: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly validation?: readonly ConditionJson[];
}

export interface OutputJson {
  readonly description: string;
  readonly value: unknown;
  readonly precondition?: readonly ConditionJson[];
}

/** What is not right but stops nobody: Terraform warns of it. */
export interface CheckJson {
  readonly assert: readonly ConditionJson[];
}

export interface ConditionJson {
  readonly condition: string;
  readonly error_message: string;
}

/** Type → name → arguments. */
export type BlocksJson = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
