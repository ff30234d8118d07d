import type { LogGroup } from '../aws/log-groups.ts';
import type { Attachment, Changes } from './answers.ts';
import { type AttachRequest, claimOf, type DetachRequest, NotAttached, NotToBeShipped } from './attach-request.ts';
import { Caller } from './caller.ts';
import { byAge, type Claim, claimKey, encodeClaim, isSame, type Target } from './claims.ts';
import { lacking } from './decide.ts';
import { discover } from './discover.ts';
import { claimsOf, readSelection, remember } from './memory.ts';
import { NO_CHANGES, NotBrought, NotInstalled } from './one-group.ts';
import { type RunProps, reconcile } from './reconcile.ts';
import type { Selection } from './selection.ts';
import type { State } from './state.ts';
import { type Stock, takeStock } from './stock.ts';

/** Remembers who asks for a prefix, then runs. @throws NotToBeShipped, NotBrought and others, one sentence each */
export async function attachPrefix(request: AttachRequest, props: RunProps): Promise<Attachment> {
  const { account } = props;
  const { target, dryRun } = request;
  const survey = await surveyOf(props);
  const claims = claimsOf(survey.state);
  const claim = claimOf(request, claims, account.clock.now());
  const after = [...claims.filter((other) => !isSame(other, claim)), claim];
  const stock = stockOf(survey, after, props);
  const { maxLogGroups } = survey.selection;
  if (stock.selected > maxLogGroups)
    throw new NotToBeShipped(
      `With those that begin with ${target.name}, ${stock.selected} log groups would be selected, and max_log_groups is ${maxLogGroups}: select fewer, or allow for more.`,
    );
  const under = namesUnder(target, stock);
  if (under.length === 0)
    throw new NotToBeShipped(`No log group that could be shipped begins with ${target.name}: check it for a mistake.`);
  if (dryRun) return answered(target, wouldChange(under, survey.state, stock), survey.selection, after);
  await account.objects.put(claimKey(target, claim.claimant), encodeClaim(claim), { contentType: 'application/json' });
  return answered(target, await ranUnder(target, props), survey.selection, after);
}

/** Forgets that somebody asks for a prefix, then runs. @throws NotAttached, NotBrought and others, one sentence each */
export async function detachPrefix(request: DetachRequest, props: RunProps): Promise<Attachment> {
  const { account } = props;
  const { target, claimant, dryRun, mustBe } = request;
  const survey = await surveyOf(props);
  const claims = claimsOf(survey.state);
  const after = claims.filter((other) => !isSame(other, request));
  if (mustBe && after.length === claims.length)
    throw new NotAttached(claimant, target, wantedBy(target, survey.selection, after));
  if (dryRun)
    return answered(target, wouldLeave(target, survey, stockOf(survey, after, props)), survey.selection, after);
  await account.objects.remove(claimKey(target, claimant));
  return answered(target, await ranUnder(target, props), survey.selection, after);
}

/** What there is, and what is known of it. */
interface Survey {
  readonly selection: Selection;
  readonly state: State;
  readonly found: ReadonlyMap<string, LogGroup>;
}

async function surveyOf({ account, deadline }: RunProps): Promise<Survey> {
  const selection = await readSelection(account.objects);
  if (!selection) throw new NotInstalled();
  const { state } = await remember(account.objects);
  const found = await discover(account, new Caller(account.clock, deadline), state.found);
  return { selection, state, found };
}

/** On a copy: what is known is only looked at. */
function stockOf({ selection, state, found }: Survey, claims: readonly Claim[], { account }: RunProps): Stock {
  const { region, clock } = account;
  return takeStock(new Map(state.groups), { selection, claims, found, asked: false, region, now: clock.now() });
}

function namesUnder({ name: prefix }: Target, { wanted }: Stock): readonly string[] {
  return [...wanted.keys()].filter((name) => name.startsWith(prefix)).sort();
}

function wouldChange(names: readonly string[], { groups }: State, { wanted }: Stock): Changes {
  const lacks = (name: string) => lacking(groups.get(name)?.tags ?? {}, wanted.get(name)?.tags ?? {});
  return {
    ...NO_CHANGES,
    subscribed: names.filter((name) => !groups.get(name)?.by),
    tagged: names.filter((name) => Object.keys(lacks(name)).length > 0),
  };
}

function wouldLeave({ name: prefix }: Target, { state, found }: Survey, { wanted }: Stock): Changes {
  const left = [...state.groups].filter(([name]) => name.startsWith(prefix) && found.has(name) && !wanted.has(name));
  const namesOf = (entries: typeof left) => entries.map(([name]) => name).sort();
  return {
    ...NO_CHANGES,
    unsubscribed: namesOf(left.filter(([, { by }]) => by === 'registrar')),
    untagged: namesOf(left.filter(([, { written }]) => Object.keys(written).length > 0)),
  };
}

/** What a run changes of the groups under a prefix. When another is under way, the next one sees to it. */
async function ranUnder({ name: prefix }: Target, props: RunProps): Promise<Changes> {
  const { ok, error, subscribed, unsubscribed, tagged, untagged } = await reconcile(props);
  if (!ok) throw new NotBrought(error ?? '');
  const under = (names: readonly string[]) => names.filter((name) => name.startsWith(prefix));
  return {
    subscribed: under(subscribed),
    unsubscribed: under(unsubscribed),
    tagged: under(tagged),
    untagged: under(untagged),
  };
}

function answered(target: Target, changes: Changes, selection: Selection, claims: readonly Claim[]): Attachment {
  return { target: target.name, ok: true, error: null, ...changes, wantedBy: wantedBy(target, selection, claims) };
}

/** Who asks for this prefix: others may ask for groups under it. */
function wantedBy({ name }: Target, { prefixes }: Selection, claims: readonly Claim[]): readonly string[] {
  const own = claims.filter(({ target }) => target.kind === 'prefix' && target.name === name);
  return [
    ...(prefixes.includes(name) ? [`prefix ${name}`] : []),
    ...own.toSorted(byAge).map(({ claimant }) => claimant),
  ];
}
