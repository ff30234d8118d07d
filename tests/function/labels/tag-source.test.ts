import { expect } from 'chai';
import type { Version } from '../../../function/aws/watched-object.ts';
import { encodeCatalogue } from '../../../function/labels/catalogue.ts';
import type { Tags } from '../../../function/labels/stream.ts';
import { TagSource, TagsUnavailable } from '../../../function/labels/tag-source.ts';
import { Ledger } from '../../../function/ledger.ts';
import { failure } from '../failure.ts';

const PLACE = { account: '123456789012', region: 'eu-central-1' };
const MINUTE = 60_000;

/** An error of AWS: what counts of it is its name. */
function error(name: string): Error {
  return Object.assign(new Error('Words of AWS.'), { name });
}

/** The registrar, S3, CloudWatch Logs and the clock of a container, all moved by the test. */
class Scene {
  readonly ledger = new Ledger();
  now = 1_000_000;
  /** What S3 has, or the error that it gives. */
  object: Version | Error | undefined;
  /** What CloudWatch Logs has for every log group that it knows, or the error that it gives. */
  tags: Readonly<Record<string, Tags>> | Error = {};
  /** ETags that S3 was asked with. */
  readonly reads: (string | undefined)[] = [];
  /** Log groups that CloudWatch Logs was asked for. */
  readonly lookUps: string[] = [];
  readonly #source: TagSource;

  constructor(random = () => 0.5) {
    this.#source = new TagSource({
      place: PLACE,
      refreshSeconds: 300,
      now: () => this.now,
      random,
      readCatalogue: async (etag) => {
        this.reads.push(etag);
        const { object } = this;
        if (object instanceof Error) throw object;
        return object?.etag === etag ? object && 'unchanged' : object;
      },
      lookUp: async (logGroup) => {
        this.lookUps.push(logGroup);
        if (this.tags instanceof Error) throw this.tags;
        return this.tags[logGroup];
      },
    });
  }

  readonly tagsOf = (logGroup: string): Promise<Tags> => this.#source.tagsOf(logGroup, this.ledger);

  /** The registrar writes a catalogue, now. */
  write(groups: Readonly<Record<string, Tags>>): void {
    const body = encodeCatalogue({ ...PLACE, groups: new Map(Object.entries(groups)) });
    this.object = { body, etag: `"${this.now}"`, writtenAt: this.now };
  }

  pass(ms: number): void {
    this.now += ms;
  }
}

describe('The tags of the catalogue', () => {
  it('are used without asking for those of the log group', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' }, h: { owner: 'b' } });
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(await scene.tagsOf('h')).to.deep.equal({ owner: 'b' });
    expect([scene.reads, scene.lookUps]).to.deep.equal([[undefined], []]);
  });

  it('are read once for all who ask at the same time', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' }, h: {} });
    await Promise.all(['g', 'g', 'h'].map(scene.tagsOf));
    expect(scene.reads).to.have.length(1);
  });

  it('are asked for again when they are old, by the ETag of those that are known', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' } });
    const etag = `"${scene.now}"`;
    await scene.tagsOf('g');
    scene.pass(5 * MINUTE - 1);
    await scene.tagsOf('g');
    expect(scene.reads).to.have.length(1);
    scene.pass(1);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    scene.write({ g: { owner: 'b' } });
    scene.pass(5 * MINUTE);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(scene.reads).to.deep.equal([undefined, etag, etag]);
  });

  it('are old up to a fifth earlier or later, as chance has it', async () => {
    for (const [random, after] of [
      [0, 4 * MINUTE],
      [1, 6 * MINUTE],
    ] as const) {
      const scene = new Scene(() => random);
      scene.write({ g: {} });
      await scene.tagsOf('g');
      scene.pass(after - 1);
      await scene.tagsOf('g');
      expect(scene.reads).to.have.length(1);
      scene.pass(1);
      await scene.tagsOf('g');
      expect(scene.reads).to.have.length(2);
    }
  });

  it('stay in use when the catalogue cannot be read, which is tried again after a pause', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' } });
    await scene.tagsOf('g');
    scene.object = error('AccessDenied');
    scene.pass(5 * MINUTE);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(scene.ledger).to.include({ catalogueReadsFailed: 1, catalogueProblem: 'AccessDenied: Words of AWS.' });
    scene.pass(30_000 - 1);
    await scene.tagsOf('g');
    expect(scene.reads).to.have.length(2);
    scene.write({ g: { owner: 'b' } });
    scene.pass(1);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(scene.lookUps).to.deep.equal([]);
  });

  it('stay in use when the catalogue is gone', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' }, h: {} });
    await scene.tagsOf('g');
    scene.object = undefined;
    scene.tags = error('AccessDeniedException');
    scene.pass(60 * MINUTE);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(await scene.tagsOf('h'), 'never asked for before').to.deep.equal({});
    expect(scene.lookUps).to.deep.equal([]);
    expect(scene.ledger).to.include({ catalogueReadsFailed: 0, cataloguesIgnored: 0 });
  });

  const others: Readonly<Record<string, (scene: Scene) => Partial<Version>>> = {
    'is damaged': () => ({ body: Buffer.from('x') }),
    'is of another account': () => ({
      body: encodeCatalogue({ ...PLACE, account: '210987654321', groups: new Map([['g', { owner: 'b' }]]) }),
    }),
    'is older than the one before it': ({ now }) => ({
      body: encodeCatalogue({ ...PLACE, groups: new Map([['g', { owner: 'b' }]]) }),
      writtenAt: now - 60 * MINUTE,
    }),
  };
  for (const [what, version] of Object.entries(others))
    it(`stay in use, and count, when the catalogue ${what}`, async () => {
      const scene = new Scene();
      scene.write({ g: { owner: 'a' } });
      const right = scene.object;
      await scene.tagsOf('g');
      scene.object = { body: Buffer.alloc(0), etag: '"other"', writtenAt: scene.now, ...version(scene) };
      scene.pass(5 * MINUTE);
      expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
      expect(scene.ledger.cataloguesIgnored).to.equal(1);
      expect(scene.ledger.catalogueProblem).to.match(/^InvalidCatalogue: The catalogue of log groups is of no use: /);
      scene.object = right;
      scene.pass(5 * MINUTE);
      expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
      expect(scene.reads.at(-1), 'asked for by the ETag of what is used').to.equal('"1000000"');
      expect(scene.lookUps).to.deep.equal([]);
    });

  it('are looked up where the line of the log group is damaged', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 1 as unknown as string } });
    scene.tags = { g: { owner: 'a' } };
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(scene.ledger.cataloguesIgnored).to.equal(1);
  });

  it('are the same when S3 gives the same catalogue in spite of the ETag', async () => {
    const scene = new Scene();
    scene.write({ h: {} });
    scene.tags = { g: { owner: 'a' } };
    await scene.tagsOf('g');
    const { object } = scene;
    if (!object || object instanceof Error) throw new Error('nothing written');
    scene.object = { ...object };
    scene.pass(5 * MINUTE);
    await scene.tagsOf('g');
    expect(scene.lookUps).to.deep.equal(['g']);
  });
});

describe('The tags of a log group that the catalogue lacks', () => {
  it('are looked up once and kept until the catalogue has them', async () => {
    const scene = new Scene();
    scene.write({ h: {} });
    scene.tags = { g: { owner: 'a' } };
    for (let i = 0; i < 3; i++) {
      expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
      scene.pass(60 * MINUTE);
    }
    expect(scene.lookUps).to.deep.equal(['g']);
    scene.write({ g: { owner: 'b' } });
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(scene.lookUps).to.deep.equal(['g']);
  });

  it('are looked up once for all who ask at the same time', async () => {
    const scene = new Scene();
    scene.tags = { g: { owner: 'a' } };
    const answers = await Promise.all([scene.tagsOf('g'), scene.tagsOf('g')]);
    expect(answers).to.deep.equal([{ owner: 'a' }, { owner: 'a' }]);
    expect(scene.lookUps).to.deep.equal(['g']);
  });

  it('are looked up again when a newer catalogue lacks it too', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' } });
    await scene.tagsOf('g');
    scene.pass(5 * MINUTE);
    scene.write({ h: {} });
    scene.tags = { g: { owner: 'b' } };
    for (let i = 0; i < 2; i++) expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(scene.lookUps).to.deep.equal(['g']);
  });

  it('stay in use when a newer catalogue lacks it and they cannot be looked up', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' } });
    await scene.tagsOf('g');
    scene.pass(5 * MINUTE);
    scene.write({ h: {} });
    scene.tags = error('ThrottlingException');
    for (let i = 0; i < 2; i++) expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(scene.lookUps, 'in the pause').to.deep.equal(['g']);
    expect(scene.ledger.tagLookupsFailed).to.equal(1);
    scene.tags = { g: { owner: 'b' } };
    scene.pass(MINUTE);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
  });

  it('stay in use when the log group is no more', async () => {
    const scene = new Scene();
    scene.write({ g: { owner: 'a' } });
    await scene.tagsOf('g');
    scene.pass(5 * MINUTE);
    scene.write({});
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(scene.lookUps).to.deep.equal(['g']);
  });

  it('are none when there is no such log group, which is known too', async () => {
    const scene = new Scene();
    scene.write({});
    for (let i = 0; i < 2; i++) expect(await scene.tagsOf('g')).to.deep.equal({});
    expect(scene.lookUps).to.deep.equal(['g']);
  });
});

describe('Tags without a catalogue', () => {
  it('are looked up, used until they are old, and looked up again', async () => {
    const scene = new Scene();
    scene.tags = { g: { owner: 'a' } };
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    scene.pass(5 * MINUTE - 1);
    scene.tags = { g: { owner: 'b' } };
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    scene.pass(1);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(scene.lookUps).to.deep.equal(['g', 'g']);
    expect(scene.ledger).to.include({ catalogueReadsFailed: 0, cataloguesIgnored: 0 });
  });

  it('stay in use when they cannot be looked up again', async () => {
    const scene = new Scene();
    scene.tags = { g: { owner: 'a' } };
    await scene.tagsOf('g');
    scene.tags = error('AccessDeniedException');
    scene.pass(5 * MINUTE);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(scene.ledger.tagLookupsFailed).to.equal(1);
  });

  it('are those of the catalogue as soon as there is one', async () => {
    const scene = new Scene();
    scene.tags = { g: { owner: 'a' } };
    await scene.tagsOf('g');
    scene.write({ g: { owner: 'b' } });
    scene.pass(5 * MINUTE);
    expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(scene.lookUps).to.have.length(1);
  });

  it('are looked up when the catalogue of a first reading is of no use or out of reach', async () => {
    for (const object of [error('TimeoutError'), { body: Buffer.from('x'), etag: '"x"', writtenAt: 0 }]) {
      const scene = new Scene();
      scene.object = object;
      scene.tags = { g: { owner: 'a' } };
      expect(await scene.tagsOf('g')).to.deep.equal({ owner: 'a' });
      expect(scene.ledger.catalogueReadsFailed + scene.ledger.cataloguesIgnored).to.equal(1);
    }
  });

  it('fail all who ask when none are known', async () => {
    const scene = new Scene();
    scene.tags = error('AccessDeniedException');
    const outcomes = await Promise.allSettled([scene.tagsOf('g'), scene.tagsOf('g')]);
    for (const { status } of outcomes) expect(status).to.equal('rejected');
    expect(scene.lookUps).to.deep.equal(['g']);
    expect(scene.ledger.tagLookupsFailed).to.equal(1);
  });

  it('are not asked for in a pause after a failure, whatever the log group, and then are', async () => {
    const scene = new Scene();
    scene.tags = error('ThrottlingException');
    await failure(scene.tagsOf('g'));
    const denied = await failure(scene.tagsOf('h'));
    expect(denied).to.be.instanceOf(TagsUnavailable);
    expect(denied.message).to.equal(
      'The tags of log group h cannot be read (ThrottlingException): its lines are not shipped under other labels.',
    );
    expect(scene.lookUps).to.deep.equal(['g']);
    expect(scene.ledger.tagLookupsFailed, 'what fails for want of an answer counts').to.equal(2);
    scene.pass(30_000);
    await failure(scene.tagsOf('h'));
    scene.pass(60_000 - 1);
    await failure(scene.tagsOf('h'));
    expect(scene.lookUps).to.deep.equal(['g', 'h']);
    scene.tags = { h: { owner: 'a' } };
    scene.pass(1);
    expect(await scene.tagsOf('h')).to.deep.equal({ owner: 'a' });
  });

  it('may be asked for at once after a look-up that succeeded', async () => {
    const scene = new Scene();
    for (let i = 0; i < 3; i++) {
      scene.tags = error('ThrottlingException');
      await failure(scene.tagsOf(`g${i}`));
      scene.tags = {};
      scene.pass(30_000);
      await scene.tagsOf(`h${i}`);
      await scene.tagsOf(`i${i}`);
    }
    expect(scene.lookUps).to.have.length(9);
  });
});
