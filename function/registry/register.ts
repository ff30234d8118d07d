import { nameOf } from '../aws/aws-error.ts';
import type { LogGroupTags } from '../aws/log-group.ts';
import { LokiShipperError } from '../errors.ts';
import type { Request } from './request.ts';

/** What was done; Terraform keeps it in its state, and the module checks `ok`. */
export interface Outcome {
  readonly logGroup: string;
  readonly ok: boolean;
  /** Tags that were written because they were missing or other. */
  readonly tagged: Readonly<Record<string, string>>;
  /** Keys of tags that were removed. */
  readonly untagged: readonly string[];
  /** What is wrong, in one sentence, where `ok` is false. */
  readonly error: string | null;
}

export class LogGroupMissing extends LokiShipperError {
  override readonly name = 'LogGroupMissing';
  constructor(logGroup: string, region: string) {
    super(
      `Log group ${logGroup} does not exist in ${region}: create it before it gets its tags, or take it out of log_groups.`,
    );
  }
}

export class TaggingFailed extends LokiShipperError {
  override readonly name = 'TaggingFailed';
  /** @param call for example `logs:TagResource`; @param reason name of AWS's error */
  constructor(logGroup: string, call: string, reason: string) {
    super(`The tags of log group ${logGroup} could not be changed: ${call} failed with ${reason}.`);
  }
}

/**
 * Gives a log group the tags of its registration and takes away those of the registration before it, if they still have
 * the value that was written: what others put there stays. To do it again changes nothing.
 *
 * @param groups of one account and region
 * @param region its name, for messages
 * @throws LogGroupMissing, TaggingFailed, but not at an update: the provider saves a failed one as done and never tries it
 *   again (https://github.com/hashicorp/terraform-provider-aws/issues/43447), so its failure is in the outcome.
 */
export async function register(request: Request, groups: LogGroupTags, region: string): Promise<Outcome> {
  try {
    return await apply(request, groups, region);
  } catch (error) {
    if (request.action !== 'update' || !(error instanceof LokiShipperError)) throw error;
    return { logGroup: request.logGroup, ok: false, tagged: {}, untagged: [], error: error.message };
  }
}

async function apply(request: Request, groups: LogGroupTags, region: string): Promise<Outcome> {
  const { logGroup } = request;
  const call = async <T>(name: string, answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw new TaggingFailed(logGroup, name, nameOf(error));
    }
  };

  const present = await call('logs:ListTagsForResource', groups.read(logGroup));
  if (!present) {
    if (request.action !== 'delete') throw new LogGroupMissing(logGroup, region);
    return { logGroup, ok: true, tagged: {}, untagged: [], error: null };
  }

  const wanted = request.action === 'delete' ? {} : request.tags;
  const written = request.action === 'delete' ? request.tags : (request.previous?.tags ?? {});
  const tagged = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => present[key] !== value));
  const untagged = Object.keys(written).filter((key) => !Object.hasOwn(wanted, key) && present[key] === written[key]);

  if (Object.keys(tagged).length > 0) await call('logs:TagResource', groups.write(logGroup, tagged));
  if (untagged.length > 0) await call('logs:UntagResource', groups.remove(logGroup, untagged));
  return { logGroup, ok: true, tagged, untagged, error: null };
}
