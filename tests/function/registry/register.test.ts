import { expect } from 'chai';
import fc from 'fast-check';
import type { LogGroupTags } from '../../../function/aws/log-group.ts';
import { LogGroupMissing, register, TaggingFailed } from '../../../function/registry/register.ts';
import type { Request } from '../../../function/registry/request.ts';
import { failure } from '../failure.ts';

type Tags = Readonly<Record<string, string>>;

const GROUP = '/aws/lambda/x';

/** One log group in memory; the calls named in `denied` fail. */
class OneGroup implements LogGroupTags {
  readonly calls: string[] = [];
  tags: Tags | undefined;
  denied = '';

  constructor(tags: Tags | undefined) {
    this.tags = tags;
  }

  async read(): Promise<Record<string, string> | undefined> {
    this.#call('read');
    return this.tags && { ...this.tags };
  }

  async write(_: string, tags: Tags): Promise<void> {
    this.#call('write');
    this.tags = { ...this.tags, ...tags };
  }

  async remove(_: string, keys: readonly string[]): Promise<void> {
    this.#call('remove');
    this.tags = Object.fromEntries(Object.entries(this.tags ?? {}).filter(([key]) => !keys.includes(key)));
  }

  #call(name: string): void {
    this.calls.push(name);
    if (this.denied === name) throw Object.assign(new Error('words of AWS'), { name: 'AccessDeniedException' });
  }
}

const create = (tags: Tags): Request => ({ action: 'create', logGroup: GROUP, tags, previous: null });
const remove = (tags: Tags): Request => ({ ...create(tags), action: 'delete', previous: { logGroup: GROUP, tags } });
const update = (before: Tags, tags: Tags): Request => ({
  ...create(tags),
  action: 'update',
  previous: { logGroup: GROUP, tags: before },
});
const run = (request: Request, group: OneGroup) => register(request, group, 'eu-central-1');
const done = (tagged: Tags, untagged: readonly string[]) => ({
  logGroup: GROUP,
  ok: true,
  tagged,
  untagged,
  error: null,
});

describe('Registering a log group', () => {
  it('writes the tags that are missing or other, and leaves the tags of others', async () => {
    const group = new OneGroup({ owner: 'someone', sut: 'orders', billing: 'theirs' });
    expect(await run(create({ owner: 'checkout', sut: 'orders', language: 'python' }), group)).to.deep.equal(
      done({ owner: 'checkout', language: 'python' }, []),
    );
    expect(group.tags).to.deep.equal({ owner: 'checkout', sut: 'orders', language: 'python', billing: 'theirs' });
  });

  it('only reads when nothing is to be done', async () => {
    const group = new OneGroup({ owner: 'checkout' });
    expect(await run(create({ owner: 'checkout' }), group)).to.deep.equal(done({}, []));
    expect(group.calls).to.deep.equal(['read']);
  });

  it('removes at an update what left the input, and writes what is new', async () => {
    const group = new OneGroup({ owner: 'checkout', sut: 'orders', billing: 'theirs' });
    expect(await run(update({ owner: 'checkout', sut: 'orders' }, { owner: 'payments' }), group)).to.deep.equal(
      done({ owner: 'payments' }, ['sut']),
    );
    expect(group.tags).to.deep.equal({ owner: 'payments', billing: 'theirs' });
  });

  it('removes at the end what it wrote, unless somebody changed it since', async () => {
    const group = new OneGroup({ owner: 'someone', sut: 'orders', billing: 'theirs' });
    expect(await run(remove({ owner: 'checkout', sut: 'orders', gone: 'x' }), group)).to.deep.equal(done({}, ['sut']));
    expect(group.tags).to.deep.equal({ owner: 'someone', billing: 'theirs' });
  });

  it('keeps at an update what somebody changed since', async () => {
    const group = new OneGroup({ sut: 'theirs' });
    expect(await run(update({ sut: 'orders' }, {}), group)).to.deep.equal(done({}, []));
    expect(group.tags).to.deep.equal({ sut: 'theirs' });
  });

  for (const key of ['constructor', 'toString', '__proto__'])
    it(`writes and removes a tag with the key ${key} like any other`, async () => {
      const tags = JSON.parse(`{"${key}":"x"}`);
      const group = new OneGroup({});
      await run(create(tags), group);
      expect(Object.keys(group.tags ?? {})).to.deep.equal([key]);
      expect(await run(update(tags, {}), group)).to.deep.equal(done({}, [key]));
      expect(Object.keys(group.tags ?? {})).to.deep.equal([]);
    });

  it('fails at creation when there is no such log group, with its name and region', async () => {
    const error = await failure(run(create({ a: 'b' }), new OneGroup(undefined)));
    expect(error).to.be.instanceOf(LogGroupMissing);
    expect(error.message).to.equal(
      'Log group /aws/lambda/x does not exist in eu-central-1: create it before it gets its tags, or take it out of log_groups.',
    );
  });

  it('says at an update that there is no such log group', async () => {
    const outcome = await run(update({}, { a: 'b' }), new OneGroup(undefined));
    expect(outcome).to.include({ ok: false });
    expect(outcome.error).to.match(/^Log group \/aws\/lambda\/x does not exist in eu-central-1: /);
  });

  it('has nothing to remove where there is no such log group', async () => {
    expect(await run(remove({ a: 'b' }), new OneGroup(undefined))).to.deep.equal(done({}, []));
  });

  const CALLS = { read: 'logs:ListTagsForResource', write: 'logs:TagResource', remove: 'logs:UntagResource' };
  for (const [method, call] of Object.entries(CALLS)) {
    const given = () => {
      const group = new OneGroup({ old: 'x' });
      group.denied = method;
      return group;
    };
    const message = `The tags of log group /aws/lambda/x could not be changed: ${call} failed with AccessDeniedException.`;

    it(`says at an update that ${call} is denied, and does not fail`, async () => {
      expect(await run(update({ old: 'x' }, { new: 'y' }), given())).to.deep.equal({
        logGroup: GROUP,
        ok: false,
        tagged: {},
        untagged: [],
        error: message,
      });
    });

    for (const request of [create({ new: 'y' }), remove({ old: 'x' })])
      if (!(request.action === 'create' ? ['remove'] : ['write']).includes(method))
        it(`fails at ${request.action} when ${call} is denied`, async () => {
          const error = await failure(run(request, given()));
          expect(error).to.be.instanceOf(TaggingFailed);
          expect(error.message).to.equal(message);
        });
  }

  describe('with any tags', () => {
    const tags = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'));

    it('ends with the wanted tags and the tags of others, twice as well as once', () =>
      fc.assert(
        fc.asyncProperty(tags, tags, tags, async (others, before, after) => {
          const group = new OneGroup(others);
          await run(create(before), group);
          await run(update(before, after), group);
          const once = group.tags;
          expect(await run(update(before, after), group)).to.deep.equal(done({}, []));
          expect(group.tags).to.deep.equal(once).and.to.include(after);
          for (const key of Object.keys(others))
            if (!(key in before) && !(key in after)) expect(once).to.include({ [key]: others[key] });
        }),
      ));

    it('leaves nothing of its own behind', () =>
      fc.assert(
        fc.asyncProperty(tags, tags, tags, async (others, before, after) => {
          const group = new OneGroup(others);
          await run(create(before), group);
          await run(update(before, after), group);
          await run(remove(after), group);
          const touched = new Set([...Object.keys(before), ...Object.keys(after)]);
          expect(group.tags).to.deep.equal(
            Object.fromEntries(Object.entries(others).filter(([key]) => !touched.has(key))),
          );
        }),
      ));
  });
});
