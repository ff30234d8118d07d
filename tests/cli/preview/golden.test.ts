import { readdirSync, readFileSync } from 'node:fs';
import { markdown } from '../../../cli/preview/markdown.ts';
import { parsePlan } from '../../../cli/preview/plan.ts';
import { preview } from '../../../cli/preview/preview.ts';
import { expectGolden } from '../../support/golden.ts';
import { expectReport } from './report-schema.ts';

const GOLDEN = 'tests/cli/preview/golden';

/** Of plans that Terraform made (tests/e2e/preview.test.ts writes them anew, and proves that they are of today). */
describe('The preview of a real plan', () => {
  for (const file of readdirSync(`${GOLDEN}/plans`)) {
    const name = file.replace(/\.json$/, '');
    const report = () => preview(parsePlan(readFileSync(`${GOLDEN}/plans/${file}`, 'utf8'), file));

    it(`that is ${name} is the golden one, as Markdown`, () =>
      expectGolden(`${GOLDEN}/${name}.md`, markdown(report())));

    it(`that is ${name} is the golden one, as JSON`, () => {
      expectReport(JSON.parse(JSON.stringify(report())));
      expectGolden(`${GOLDEN}/${name}.json`, `${JSON.stringify(report(), null, 2)}\n`);
    });
  }
});
