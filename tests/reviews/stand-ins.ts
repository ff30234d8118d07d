import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from '../../tools/local/commands.ts';
import { runFolder } from '../../tools/local/folders.ts';
import { MissingPart } from '../../tools/local/missing-part.ts';
import type { FakeApi } from './fake-api.ts';
import type { Surroundings } from './runners.ts';

/** What the programs that the review calls are to answer. */
export interface Answers {
  /** Of `terraform plan -detailed-exitcode`. */
  readonly plan?: 0 | 1 | 2;
  readonly preview?: string;
  readonly previewCode?: number;
  /** Of checkov, in JSON. */
  readonly checkov?: string;
  /** Address of the module's call, as Terraform names the folder of its download. */
  readonly call?: string;
  /** Folder of the configuration. */
  readonly stack?: string;
  /** Programs that are not there. */
  readonly missing?: readonly string[];
}

export const NOTHING_FOUND = '{"results": {"failed_checks": [], "parsing_errors": []}, "summary": {}}';

/** Has checkov find this often what the module does not except. */
export const found = (count: number, resource = 'module.loki_shipper.aws_s3_bucket.other') =>
  JSON.stringify({
    results: {
      failed_checks: Array.from({ length: count }, () => ({
        check_id: 'CKV_AWS_18',
        check_name: 'Ensure logging',
        resource,
      })),
      parsing_errors: [],
    },
  });

/**
 * A job whose Terraform, command line and checkov are scripts that answer at once: what the review makes of an answer
 * takes no plan. tests/reviews/review.test.ts has the real ones.
 */
export function standIns(api: FakeApi, answers: Answers = {}): Surroundings {
  const { plan = 2, preview = '## Preview\n', previewCode = 0, checkov = NOTHING_FOUND } = answers;
  const { call = 'loki_shipper', stack = '.', missing = [] } = answers;
  requirePrograms();
  const folder = runFolder();
  const [bin, workspace, temp] = ['bin', 'workspace', 'temp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [bin, join(workspace, 'ci'), join(workspace, stack), temp]) mkdirSync(each, { recursive: true });
  cpSync('examples/ci/review.sh', join(workspace, 'ci/loki-shipper-review.sh'));
  cpSync('examples/ci/checkov-exceptions.json', join(temp, 'checkov-exceptions.json'));
  writeFileSync(join(temp, 'preview.md'), preview);
  writeFileSync(join(temp, 'checkov.json'), checkov);
  writeFileSync(join(temp, 'loki-shipper.mjs'), '');
  const terraform = `cd "\${1#-chdir=}" && case "$2" in
    init)
      mkdir -p .terraform/modules/${call}/bin .terraform/modules/${call}/examples/ci
      cp "$ANSWERS/loki-shipper.mjs" .terraform/modules/${call}/bin
      cp "$ANSWERS/checkov-exceptions.json" .terraform/modules/${call}/examples/ci ;;
    plan) exit ${plan} ;;
    show) echo '{}' ;;
  esac`;
  const scripts = {
    terraform,
    tofu: terraform,
    node: `cat > /dev/null; cat "$ANSWERS/preview.md"; exit ${previewCode}`,
    checkov: 'cat "$ANSWERS/checkov.json"',
    pipx: 'true',
  };
  for (const [name, script] of Object.entries(scripts))
    if (!missing.includes(name)) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: temp, TMPDIR: temp, ANSWERS: temp, AWS_TOKEN: 'token' };
  return { api, workspace, temp, env, action: async () => ({}) };
}

/** @throws MissingPart where this machine lacks what runners have */
export function requirePrograms(): void {
  for (const program of ['bash', 'curl', 'git', 'jq'])
    if (!onPath(program)) throw new MissingPart(`${program} is not on the PATH: install it.`);
}
