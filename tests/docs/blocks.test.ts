import { expect } from 'chai';
import { parse } from 'yaml';
import { findLoki } from '../../tools/local/find-loki.ts';
import type { Settings } from '../../tools/local/loki-configuration.ts';
import { askOverTime } from '../e2e/dashboards/ask-loki.ts';
import { orSkip } from '../support/parts.ts';
import { allBlocks } from './documents.ts';
import type { Block } from './fences.ts';
import { type Problems, tryHcl } from './hcl.ts';
import { checkInstructions, LANGUAGES } from './instructions.ts';
import { checkLokiSettings } from './loki-settings.ts';
import { checkPart, checkText } from './plain.ts';
import { type Scene, startScene } from './scene.ts';

/** Whether a block did what it says, or could only be held against something that knows what is right. */
type Tried = 'run' | 'validated';

describe('The code blocks of the documents', function () {
  this.timeout(300_000);
  const blocks = allBlocks();
  const of = (language: string) => blocks.filter(({ info }) => info === language);
  const tried = new Map<Block, Tried>();
  let scene: Scene;
  let problems: Problems;

  before(async function () {
    scene = await orSkip(this, startScene);
    const { stack, dist } = scene;
    problems = await tryHcl(of('hcl'), stack.terraform, `${stack.folder}/hcl`, dist);
  });

  after(() => scene?.stack.stop());

  const TRY: Readonly<Record<string, (block: Block) => Promise<Tried>>> = {
    hcl: async (block) => {
      expect(problems(block)).to.deep.equal([]);
      return 'validated';
    },
    sh: async (block) => {
      expect(await scene.shell.check(block)).to.equal('');
      const noted = await scene.shell.run(block);
      return noted.length ? 'validated' : 'run';
    },
    logql: async ({ text }) => {
      const to = Date.now();
      await askOverTime(scene.stack.loki.url, text, { from: to - 3_600_000, to, step: 60 });
      return 'run';
    },
    text: async (block) => {
      checkText(block);
      return 'validated';
    },
    yaml: async (block) => {
      const settings = parse(block.text) as Settings;
      if (!block.instructions.includes('Loki')) return 'validated';
      await checkLokiSettings(await findLoki(console.error), settings, scene.stack.folder);
      return 'run';
    },
    json: async ({ text }) => {
      JSON.parse(text);
      return 'validated';
    },
  };

  for (const block of blocks)
    it(`are right: ${block.info} in ${block.file}:${block.line}`, async () => {
      checkInstructions(block);
      checkPart(block);
      tried.set(block, (await TRY[block.info]?.(block)) ?? expect.fail(`nothing tries ${block.info}`));
    });

  it('are all run or validated', () => {
    const counts = LANGUAGES.map((language) => `${language} ${of(language).length}`).join(', ');
    const run = [...tried.values()].filter((how) => how === 'run').length;
    console.log(
      `      code blocks of the docs: ${tried.size} of ${blocks.length} run or validated (${counts}; ${run} run)`,
    );
    expect(blocks.filter((block) => !tried.has(block)).map(({ file, line }) => `${file}:${line}`)).to.deep.equal([]);
  });
});
