import { isObject, isTextRecord } from '../../function/json.ts';
import type { Tags } from '../../function/labels/stream.ts';
import type { Claim } from '../../function/registry/claims.ts';
import { moduleInput } from './module-inputs.ts';
import type { Plan, Resource } from './plan.ts';
import { hidden, isHidden, known, knownOf, mapValue, readJson, readText, type Side, type Value } from './value.ts';

/** An attachment of the module log-group: the stack of an application asks for a log group to be shipped. */
export interface Attachment {
  readonly resource: Resource;
  /** Name of the registrar's function; null where the plan does not tell. */
  readonly registrar: string | null;
  /** Undefined where there is none. */
  readonly before: Value<Asked> | undefined;
  readonly after: Value<Asked> | undefined;
}

export interface Asked {
  /** As the registrar knows it, without what is hidden: an unknown time, and no tags and no pattern for hidden ones. */
  readonly claim: Claim;
  readonly tags: Value<Tags>;
  /** Null: that of the installation. */
  readonly filterPattern: Value<string | null>;
}

export function attachmentsOf(plan: Plan): readonly Attachment[] {
  return plan.resources.flatMap((resource) => attachmentOf(resource, plan) ?? []);
}

function attachmentOf(resource: Resource, plan: Plan): Attachment | undefined {
  if (resource.type !== 'aws_lambda_invocation' || resource.name !== 'attachment') return undefined;
  const [before, after] = [resource.before, resource.after].map((side) => side && askedIn(side));
  // The input of another function.
  if (before === null || after === null || !(before || after)) return undefined;
  return {
    resource,
    registrar: registrarOf(resource.after) ?? registrarOf(resource.before),
    before,
    after: after && isHidden(after) ? (fromConfiguration(resource, plan) ?? after) : after,
  };
}

/** The function's name, which may be given as an ARN. */
function registrarOf(side: Side | undefined): string | null {
  const name = side && knownOf(readText(side, 'function_name'));
  return name ? name.slice(name.lastIndexOf(':') + 1) : null;
}

/** @returns null for what is no input of the registrar that attaches */
function askedIn(side: Side): Value<Asked> | null {
  const input = readJson(side, 'input');
  if (isHidden(input)) return input;
  if (!isObject(input.known) || input.known.action !== 'attach') return null;
  const { logGroup, prefix, claimant, tags = {}, filterPattern = null } = input.known;
  const name = logGroup ?? prefix;
  if (typeof name !== 'string' || typeof claimant !== 'string' || !isTextRecord(tags)) return hidden('unreadable');
  if (filterPattern !== null && typeof filterPattern !== 'string') return hidden('unreadable');
  const kind = logGroup === undefined ? 'prefix' : 'group';
  return known({
    claim: { target: { kind, name }, claimant, tags, filterPattern, at: '' },
    tags: known(tags),
    filterPattern: known(filterPattern),
  });
}

/**
 * What a new attachment asks for: its claimant has an id that is known only after the apply, and so is all of its input.
 * The name of the log group is that of the one that its module creates, or what the configuration gives to the module.
 */
function fromConfiguration({ module, after }: Resource, plan: Plan): Value<Asked> | undefined {
  // Where the input is not told because it is sensitive, neither is what it is made of.
  if (!after || !isUnknown(after)) return undefined;
  const created = plan.resources.find(
    (one) => one.module === module && one.type === 'aws_cloudwatch_log_group' && one.name === 'this',
  )?.after;
  const name = (created && knownOf(readText(created, 'name'))) ?? knownOf(moduleInput(plan, module, 'name'));
  if (typeof name !== 'string') return undefined;
  const tags = mapValue(moduleInput(plan, module, 'tags'), (value) => (isTextRecord(value) ? value : {}));
  const filterPattern = mapValue(moduleInput(plan, module, 'filter_pattern'), (value) =>
    typeof value === 'string' ? value : null,
  );
  const claim = {
    target: { kind: 'group' as const, name },
    claimant: module,
    tags: knownOf(tags) ?? {},
    filterPattern: knownOf(filterPattern) ?? null,
    at: '',
  };
  return known({ claim, tags, filterPattern });
}

function isUnknown(side: Side): boolean {
  const input = readText(side, 'input');
  return isHidden(input) && input.hidden === 'unknown';
}
