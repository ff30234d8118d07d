import { type Attachment, attachmentsOf } from './attachments.ts';
import type { Found, Plan, Resource } from './plan.ts';
import { knownOf, readText, type Side } from './value.ts';

/** An instance of the module that is in the plan, or one elsewhere, to which stacks of the plan attach log groups. */
export interface Installation {
  /** Address of the module, empty for the root; null where it is in another stack. */
  readonly module: string | null;
  /** Name of the registrar's function; null where the plan does not tell. */
  readonly registrar: string | null;
  /** By type and name, and then by address. */
  readonly resources: ResourcesByName;
  readonly attachments: readonly Attachment[];
  readonly found: readonly Found[];
}

type ResourcesByName = ReadonlyMap<string, readonly Resource[]>;

/** All installations that a plan concerns, by address. */
export function installationsOf(plan: Plan): readonly Installation[] {
  const { resources, found } = plan;
  const modules = [...grouped(resources, ({ module }) => module)].map(
    ([module, members]) => [module, grouped(members, ({ type, name }) => `${type}.${name}`)] as const,
  );
  const attachments = attachmentsOf(plan);
  const here = modules
    .filter(([, members]) => isInstallation(members))
    .map(([module, members]) => ({
      module,
      registrar: functionNameOf(members, 'registrar'),
      resources: members,
      found: found.filter((one) => one.module === module),
    }));
  // The name alone does not tell installations of several accounts or regions apart: then none is guessed.
  const namesakes = (registrar: string | null) => here.filter((one) => one.registrar === registrar);
  const belongsHere = ({ registrar }: Attachment) => registrar !== null && namesakes(registrar).length === 1;
  const installed = here.map((one) => ({
    ...one,
    attachments: attachments.filter((attachment) => belongsHere(attachment) && attachment.registrar === one.registrar),
  }));
  const elsewhere = attachments.filter((attachment) => !belongsHere(attachment));
  const registrars = [...new Set(elsewhere.map(({ registrar }) => registrar))];
  return [
    ...installed.sort((a, b) => (a.module < b.module ? -1 : 1)),
    ...registrars
      .sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))
      .map((registrar) => ({
        module: null,
        registrar,
        resources: new Map(),
        attachments: elsewhere.filter((attachment) => attachment.registrar === registrar),
        found: [],
      })),
  ];
}

function grouped(resources: readonly Resource[], keyOf: (resource: Resource) => string): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const key = keyOf(resource);
    const group = groups.get(key);
    if (group) group.push(resource);
    else groups.set(key, [resource]);
  }
  return groups;
}

/** The module is known by its two functions. */
function isInstallation(resources: ResourcesByName): boolean {
  return ['shipper', 'registrar'].every((name) => resources.has(`aws_lambda_function.${name}`));
}

/** The one resource of a type and name. */
export function oneOf(installation: Pick<Installation, 'resources'>, type: string, name: string): Resource | undefined {
  return allOf(installation, type, name)[0];
}

/** All resources of a type and name, by address. */
export function allOf({ resources }: Pick<Installation, 'resources'>, type: string, name: string): readonly Resource[] {
  return resources.get(`${type}.${name}`) ?? [];
}

function functionNameOf(resources: ResourcesByName, name: string): string | null {
  const { before, after } = oneOf({ resources }, 'aws_lambda_function', name) ?? {};
  const of = (side: Side | undefined) => (side && knownOf(readText(side, 'function_name'))) ?? null;
  return of(after) ?? of(before);
}
