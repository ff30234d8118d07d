import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { alertRules, writeDashboards } from '../../modules/loki/dashboards/index.ts';
import { onPath } from '../../tools/local/commands.ts';
import { MissingPart } from '../../tools/local/missing-part.ts';
import { orSkip } from '../support/parts.ts';

describe('The dashboards and alert rules, as Grafana reads them', function () {
  this.timeout(600_000); // The first time, Go compiles Grafana's types.
  let go: string;
  let folder: string;
  let files: readonly string[];

  before(async function () {
    go = await orSkip(this, async () => {
      const go = onPath('go');
      if (!go) throw new MissingPart("Grafana's schema is a Go module, and Go is not on the PATH: https://go.dev/dl");
      return go;
    });
    folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    writeDashboards(folder);
    const dashboards = join(folder, 'grafana/dashboards');
    files = readdirSync(dashboards).map((name) => join(dashboards, name));
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  /** @returns what Grafana's types say of files of dashboards and of groups of rules */
  function read(dashboards: readonly string[], groups: readonly unknown[]): string {
    const { stdout, stderr } = spawnSync(go, ['run', '-mod=readonly', '.', ...dashboards], {
      cwd: 'tests/e2e/dashboards/schema',
      input: groups.map((group) => JSON.stringify(group)).join('\n'),
      encoding: 'utf8',
      env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
    });
    return stdout || stderr;
  }

  /** A group of a file as Grafana's API has it: there it is in each of its rules. */
  const asOfApi = ({ name, rules }: ReturnType<typeof alertRules>['groups'][number]) => ({
    title: name,
    folderUid: 'a-folder',
    interval: 60,
    rules: rules.map(({ dashboardUid: _, panelId: __, ...rule }) => ({
      ...rule,
      folderUID: 'a-folder',
      orgID: 1,
      ruleGroup: name,
    })),
  });

  it('have no field that it does not know, none missing, and none of a wrong type or out of range', () => {
    expect(files).to.have.length(4);
    expect(read(files, alertRules().groups.map(asOfApi))).to.equal('valid\n');
  });

  it('would not pass with an error', () => {
    const [group] = alertRules().groups.map(asOfApi);
    const [rule] = group?.rules ?? [];
    const wrong = { title: '', condition: undefined, forever: true, data: [{ refId: 1 }] };
    for (const [field, value] of Object.entries(wrong))
      expect(read([], [{ ...group, rules: [{ ...rule, [field]: value }] }])).to.match(
        new RegExp(`^group 1: .*${field}`),
      );
  });
});
