import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Surroundings } from '../surroundings.ts';
import { markdown } from './markdown.ts';
import { type PreviewOptions, preview } from './preview.ts';
import { readPlan } from './read-plan.ts';

interface Options {
  readonly json: boolean;
  readonly gbMonth?: number;
  readonly deliveryKb?: number;
  readonly maxStreams?: number;
}

const HELP = `
It reads nothing but the plan, and calls nothing: no AWS, no Loki. What is sensitive in a plan is never printed.

${exitCodes({
  ok: 'the apply loses no logs, as far as the plan tells',
  losesLogs: 'the apply would lose logs; the report says which, and why',
  failed: 'there is no such plan, or it cannot be read',
  interrupted: null,
})}

Examples:
  terraform plan -out=plan && terraform show -json plan | loki-shipper preview -
  loki-shipper preview plan.json --gb-month 120 > comment.md`;

export function previewCommand(program: Command, { stdout }: Surroundings, end: (code: ExitCode) => void): void {
  program
    .command('preview')
    .description('Tells what a plan of Terraform changes in the shipping of logs, as Markdown for a pull request.')
    .argument('<plan.json>', 'file with what `terraform show -json` prints of a plan, or - for standard input')
    .option(
      '--gb-month <gb>',
      'what all log groups together log in a month, for the cost; default: 0.5 for each',
      positive,
    )
    .option('--delivery-kb <kb>', 'average delivery before compression, for the cost; default: 1', positive)
    .option('--max-streams <count>', 'streams that Loki takes (max_global_streams_per_user); default: 5000', positive)
    .option('--json', 'print the result as one line of JSON', false)
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (file: string, options: Options) => {
      const report = preview(await readPlan(file), previewOptions(options));
      stdout.write(options.json ? `${JSON.stringify(report)}\n` : markdown(report));
      end(report.losesLogs ? EXIT.losesLogs : EXIT.ok);
    });
}

function previewOptions({ gbMonth, deliveryKb, maxStreams }: Options): PreviewOptions {
  return {
    ...(gbMonth !== undefined && { gb: gbMonth }),
    ...(deliveryKb !== undefined && { deliveryKb }),
    ...(maxStreams !== undefined && { maxStreams }),
  };
}

function positive(text: string): number {
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (!(number > 0 && number <= 1e12)) throw new InvalidArgumentError('It must be a number over 0.');
  return number;
}
