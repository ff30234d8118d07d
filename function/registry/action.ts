import { LokiShipperError } from '../errors.ts';
import { isObject, isTextRecord } from '../json.ts';
import type { AttachRequest, DetachRequest } from './attach-request.ts';
import type { Claim, Target } from './claims.ts';
import { type Action as TerraformAction, terraformAction } from './request.ts';
import { isLogGroupName, isTag, LOG_GROUP_RULE, MAX_FILTER_PATTERN, TAG_RULE } from './rules.ts';

/** What the registrar is asked to do by the schedule, the command line, or Terraform. */
export type ActionRequest =
  | { readonly action: 'reconcile' | 'withdraw'; readonly byTerraform: boolean }
  | {
      readonly action: 'attach';
      readonly request: AttachRequest;
      /** What Terraform asked for before, where it asks for something else now. */
      readonly previous: DetachRequest | null;
      /** Whether a failure is answered, because Terraform would take a failed update as done. */
      readonly isUpdate: boolean;
      readonly byTerraform: boolean;
    }
  | { readonly action: 'detach'; readonly request: DetachRequest; readonly byTerraform: boolean }
  | { readonly action: 'status'; readonly after: string | null };

export const ACTIONS = ['replay', 'reconcile', 'attach', 'detach', 'status'] as const;

export class InvalidAction extends LokiShipperError {
  override readonly name = 'InvalidAction';
  constructor(problems: readonly string[]) {
    super(`The registrar cannot do what it is asked to: ${problems.join(' ')}`);
  }
}

const FIELDS = {
  reconcile: ['selection'],
  attach: ['logGroup', 'prefix', 'claimant', 'tags', 'filterPattern', 'dryRun'],
  detach: ['logGroup', 'prefix', 'claimant', 'dryRun'],
  status: ['after'],
} as const;

/** Whether an event asks for an action. Without one, Terraform asks for the tags of a log group. */
export function hasAction(event: unknown): event is Readonly<Record<string, unknown>> {
  return isObject(event) && Object.hasOwn(event, 'action');
}

/**
 * Reads an event with an `action` other than `replay`. Terraform's have a `tf`, added by the provider, and may have fields
 * that only make them change.
 * @throws InvalidAction with everything that is wrong
 */
export function parseAction(event: Readonly<Record<string, unknown>>): ActionRequest {
  const { action } = event;
  if (action !== 'reconcile' && action !== 'attach' && action !== 'detach' && action !== 'status')
    throw new InvalidAction([`action must be ${ACTIONS.slice(0, -1).join(', ')} or ${ACTIONS.at(-1)}.`]);
  const problems: string[] = [];
  const terraform = Object.hasOwn(event, 'tf') ? terraformAction(event.tf, problems) : undefined;
  const byTerraform = terraform !== undefined;
  const known: readonly string[] = ['action', ...FIELDS[action]];
  const unknown = Object.keys(event).filter((name) => !known.includes(name));
  if (!byTerraform && unknown.length > 0) problems.push(`there are other fields than ${known.join(', ')}: ${unknown}.`);
  const request = read(action, event, terraform, problems);
  if (problems.length > 0) throw new InvalidAction(problems);
  return request;
}

function read(
  action: keyof typeof FIELDS,
  event: Readonly<Record<string, unknown>>,
  terraform: TerraformAction | undefined,
  problems: string[],
): ActionRequest {
  const byTerraform = terraform !== undefined;
  switch (action) {
    case 'reconcile':
      return { action: terraform === 'delete' ? 'withdraw' : 'reconcile', byTerraform };
    case 'status': {
      const { after = null } = event;
      if (after !== null && typeof after !== 'string') problems.push('after must be the next of an answer.');
      return { action, after: typeof after === 'string' ? after : null };
    }
    case 'detach':
      return { action, request: detachRequest('', event, !byTerraform, problems), byTerraform };
    case 'attach': {
      if (terraform === 'delete')
        return { action: 'detach', request: detachRequest('', event, false, problems), byTerraform };
      const request = attachRequest(event, problems);
      const before = isObject(event.tf) && isObject(event.tf.prev_input) ? event.tf.prev_input : undefined;
      const previous = before ? detachRequest('tf.prev_input.', before, false, problems) : null;
      return { action, request, previous, isUpdate: terraform === 'update', byTerraform };
    }
  }
}

function attachRequest(event: Readonly<Record<string, unknown>>, problems: string[]): AttachRequest {
  const { tags = {}, filterPattern = null } = event;
  const { mustBe, ...asked } = detachRequest('', event, false, problems);
  if (!isTextRecord(tags)) problems.push('tags must be an object of texts.');
  else if (!Object.entries(tags).every(([key, value]) => isTag(key, value)))
    problems.push(`tags must each have ${TAG_RULE}.`);
  if (filterPattern !== null && typeof filterPattern !== 'string')
    problems.push('filterPattern must be a text or null.');
  if (typeof filterPattern === 'string' && filterPattern.length > MAX_FILTER_PATTERN)
    problems.push(`filterPattern must have at most ${MAX_FILTER_PATTERN} characters.`);
  return {
    ...asked,
    tags: isTextRecord(tags) ? tags : {},
    filterPattern: typeof filterPattern === 'string' ? filterPattern : null,
  };
}

function detachRequest(
  where: string,
  event: Readonly<Record<string, unknown>>,
  mustBe: boolean,
  problems: string[],
): DetachRequest {
  const { claimant, dryRun = false } = event;
  if (!isClaimant(claimant))
    problems.push(`${where}claimant must be 1 to 128 of the characters a-z A-Z 0-9 _ . : / @ - and space.`);
  if (typeof dryRun !== 'boolean') problems.push(`${where}dryRun must be true or false.`);
  return {
    target: target(where, event, problems),
    claimant: isClaimant(claimant) ? claimant : '',
    dryRun: dryRun === true,
    mustBe,
  };
}

function target(
  where: string,
  { logGroup = null, prefix = null }: Readonly<Record<string, unknown>>,
  problems: string[],
): Target {
  const name = logGroup ?? prefix;
  if ((logGroup === null) === (prefix === null))
    problems.push(`${where}logGroup or ${where}prefix must be there, and not both.`);
  else if (!isLogGroupName(name))
    problems.push(`${where}${prefix === null ? 'logGroup' : 'prefix'} must be ${LOG_GROUP_RULE}.`);
  return { kind: prefix === null ? 'group' : 'prefix', name: String(name) };
}

function isClaimant(value: unknown): value is Claim['claimant'] {
  return typeof value === 'string' && /^[a-zA-Z0-9_.:/@ -]{1,128}$/.test(value);
}
