import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULE_GROUPS } from './alert-rules.ts';
import { LAMBDA_FUNCTIONS } from './lambda-functions.ts';
import { LOG_EXPLORER } from './log-explorer.ts';
import { LOKI_HOST } from './loki-host.ts';
import { SHIPPER } from './shipper.ts';

/** The dashboards of the host. */
export const DASHBOARDS = [LOG_EXPLORER, LAMBDA_FUNCTIONS, SHIPPER, LOKI_HOST];

/** The folder of the dashboards (`host/grafana/provisioning/dashboards`), so that rules are found beside them. */
const FOLDER = 'Loki Shipper';

/** The alert rules of the host, as a file of Grafana's provisioning. */
export function alertRules() {
  const groups = RULE_GROUPS.map(({ name, interval, rules }) => ({
    orgId: 1,
    name,
    folder: FOLDER,
    interval,
    rules,
  }));
  return { apiVersion: 1, groups };
}

/** Writes dashboards and alert rules where the host has Grafana read them. @param folder with the files of the host */
export function writeDashboards(folder: string): void {
  const dashboards = join(folder, 'grafana/dashboards');
  const alerting = join(folder, 'grafana/provisioning/alerting');
  for (const path of [dashboards, alerting]) mkdirSync(path, { recursive: true });
  for (const dashboard of DASHBOARDS) writeJson(join(dashboards, `${dashboard.uid}.json`), dashboard);
  writeJson(join(alerting, 'rules.yaml'), alertRules()); // JSON is YAML.
}

function writeJson(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
