import { register } from '../../function/registry/register.ts';
import { parseSelection } from '../../function/registry/selection.ts';
import { wants } from '../../function/registry/wanted.ts';
import { SHIPPER } from './fake-account.ts';
import { NAME, type RegistryScene, type SELECTION } from './registry-scene.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * A fake of what Terraform does with the module: filters and tags of the groups that are there at an apply are its
 * resources, where it manages them; then it tells the registrar. It makes its calls at once, and none fails.
 */
export class FakeTerraform {
  readonly #scene: RegistryScene;
  /** Tags by name of a group whose filter is a resource. */
  #resources = new Map<string, Tags>();

  constructor(scene: RegistryScene) {
    this.#scene = scene;
  }

  async apply(changes: Partial<typeof SELECTION> = {}): Promise<void> {
    const { fake } = this.#scene;
    await this.#scene.select(changes);
    const wanted = this.#wanted();
    for (const [name, tags] of this.#resources)
      if (!wanted.has(name)) {
        fake.groups.get(name)?.filters.delete(NAME);
        await this.#tag(name, 'delete', tags, tags);
      }
    for (const [name, { tags, filterPattern }] of wanted) {
      const before = this.#resources.get(name);
      await this.#tag(name, before ? 'update' : 'create', tags, before);
      fake.groups.get(name)?.filters.set(NAME, { destination: SHIPPER, pattern: filterPattern });
    }
    this.#resources = new Map([...wanted].map(([name, { tags }]) => [name, tags]));
    await this.#scene.runByTerraform();
  }

  #wanted(): ReadonlyMap<string, { readonly tags: Tags; readonly filterPattern: string }> {
    const { fake, selection } = this.#scene;
    if (selection.managed_by === 'registrar') return new Map();
    const wantedOf = wants(parseSelection(JSON.stringify(selection)), []);
    const wanted = new Map<string, { tags: Tags; filterPattern: string }>();
    for (const [name, { logClass }] of fake.groups) {
      const asked = logClass === 'STANDARD' ? wantedOf(name) : undefined;
      if (asked) wanted.set(name, asked);
    }
    return wanted;
  }

  /** As the invocation of the group's tags does. */
  async #tag(logGroup: string, action: 'create' | 'update' | 'delete', tags: Tags, before: Tags | undefined) {
    const { groups } = this.#scene.fake;
    const all = {
      read: async (name: string) => ({ ...groups.get(name)?.tags }),
      write: async (name: string, added: Tags) => this.#scene.fake.tag(name, { ...groups.get(name)?.tags, ...added }),
      remove: async (name: string, keys: readonly string[]) => {
        const kept = Object.entries(groups.get(name)?.tags ?? {}).filter(([key]) => !keys.includes(key));
        this.#scene.fake.tag(name, Object.fromEntries(kept));
      },
    };
    await register({ action, logGroup, tags, previous: before ? { logGroup, tags: before } : null }, all, 'here');
  }
}
