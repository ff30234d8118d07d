import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';

const TAG = 'loki-shipper';

export interface DashboardProps {
  /** Is part of its address, and the name of its file: it stays. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Such as `now-6h`. */
  readonly from: string;
  readonly variables: readonly Builder<VariableModel>[];
  /** Title of a row → its panels. */
  readonly rows: Readonly<Record<string, readonly Builder<Panel>[]>>;
}

/** A dashboard with links to the others. Its panels are numbered in their order. */
export function dashboard({ uid, title, description, from, variables, rows }: DashboardProps): Dashboard {
  const builder = new DashboardBuilder(title)
    .id(null)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .time({ from, to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([...variables])
    .link(
      new DashboardLinkBuilder('Dashboards of loki-shipper')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .keepTime(true),
    );
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row));
    for (const panel of panels) builder.withPanel(panel);
  }
  const built = builder.build();
  for (const [i, panel] of (built.panels ?? []).entries()) panel.id = i + 1;
  return built;
}
