import { LokiShipperError } from '../errors.ts';
import { isObject, isTextRecord } from '../json.ts';
import { isLogGroupName, LOG_GROUP_RULE } from './rules.ts';

/** The metadata of one log group, as the module was given it. */
export interface Registration {
  readonly logGroup: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What Terraform asks for when a resource `aws_lambda_invocation` with `lifecycle_scope = "CRUD"` changes. */
export interface Request extends Registration {
  readonly action: Action;
  /** The registration that this one replaces; null at creation. */
  readonly previous: Registration | null;
}

export type Action = (typeof ACTIONS)[number];

const ACTIONS = ['create', 'update', 'delete'] as const;

export class InvalidRequest extends LokiShipperError {
  override readonly name = 'InvalidRequest';
  constructor(problems: readonly string[]) {
    super(`The registrar takes what the module sends it: ${problems.join(' ')}`);
  }
}

/**
 * Reads the input of the invocation. The provider adds `tf`.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation
 * @throws InvalidRequest with everything that is wrong
 */
export function parseRequest(event: unknown): Request {
  if (!isObject(event)) throw new InvalidRequest(['the event must be an object.']);
  const problems: string[] = [];
  const tf = isObject(event.tf) ? event.tf : {};
  const action = terraformAction(tf, problems);
  const current = registration('', event, problems);
  const previous = tf.prev_input == null ? null : registration('tf.prev_input.', tf.prev_input, problems);
  if (!action || problems.length > 0) throw new InvalidRequest(problems);
  return { action, ...current, previous };
}

/** What the provider does: the `action` of its `tf`. */
export function terraformAction(tf: unknown, problems: string[]): Action | undefined {
  const action = isObject(tf) ? ACTIONS.find((known) => known === tf.action) : undefined;
  if (!action) problems.push('tf.action must be create, update or delete.');
  return action;
}

function registration(where: string, value: unknown, problems: string[]): Registration {
  const { logGroup, tags } = isObject(value) ? value : {};
  const named = isLogGroupName(logGroup);
  if (!named) problems.push(`${where}logGroup must be a log group's name: ${LOG_GROUP_RULE}.`);
  const tagged = isTextRecord(tags);
  if (!tagged) problems.push(`${where}tags must be an object of texts.`);
  return { logGroup: named ? logGroup : '', tags: tagged ? tags : {} };
}
