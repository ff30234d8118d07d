import { clientConfig, type Place, REGION } from '../../tools/local/account.ts';
import type { Stack } from '../../tools/local/stack.ts';
import type { Terraform } from '../../tools/local/terraform.ts';
import { Aws } from '../e2e/aws.ts';
import { Configuration } from '../e2e/configuration.ts';
import type { GitSource } from './git-source.ts';

/** Somebody with an account of their own, who uses the module by its address in git. */
export class Consumer {
  readonly stack: Stack;
  readonly account: string;
  readonly aws: Aws;
  /** For SDK clients. */
  readonly client: ReturnType<typeof clientConfig>;
  readonly #source: GitSource;
  readonly #terraform: Terraform;

  constructor(stack: Stack, source: GitSource, terraform: Terraform, account: string) {
    this.stack = stack;
    this.account = account;
    this.client = clientConfig(stack.endpoint, { account, region: REGION });
    this.aws = new Aws(this);
    this.#source = source;
    this.#terraform = source.reachedBy(terraform);
  }

  /** What stands in `provider "aws"` for a place; by default this account. */
  provider({ account = this.account, region = REGION }: Partial<Place> = {}): Readonly<Record<string, unknown>> {
    return { ...this.stack.provider, access_key: account, region };
  }

  /** A root configuration, in a folder of its own. @param blocks besides those that say where the provider is */
  configuration(blocks: Readonly<Record<string, unknown>>): Configuration {
    const configuration = new Configuration(this.stack, `consumers/${this.account}`, this.#props);
    configuration.write('main.tf.json', {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
      provider: { aws: this.provider() },
      ...blocks,
    });
    return configuration;
  }

  /** An example, exactly as the release has it. @param inputs its variables that have no default */
  example(name: string, inputs: Readonly<Record<string, unknown>> = {}): Configuration {
    const from = `${this.#source.folder}/examples`;
    const example = Configuration.ofExample(this.stack, name, { ...this.#props, from, provider: this.provider() });
    example.write('terraform.tfvars.json', inputs);
    return example;
  }

  get #props() {
    return { terraform: this.#terraform, makeModules: async () => {} };
  }
}
