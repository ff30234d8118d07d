import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { runFolder } from '../../../tools/local/folders.ts';
import { findProviderMirror, forBothRegistries, mirrorRoots } from '../../../tools/local/provider-mirror.ts';

const PLATFORM = `${process.platform}_${arch() === 'x64' ? 'amd64' : arch()}`;
const TERRAFORM = 'registry.terraform.io/hashicorp/aws';
const OPENTOFU = 'registry.opentofu.org/hashicorp/aws';

describe('findProviderMirror', () => {
  let root: string;
  beforeEach(() => {
    root = runFolder();
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const unpacked = (path: string) => mkdirSync(join(root, path), { recursive: true });
  const packed = (path: string) => {
    unpacked(dirname(path));
    writeFileSync(join(root, path), '');
  };

  it('finds an unpacked provider in the folder itself', () => {
    unpacked(`${TERRAFORM}/5.100.0/${PLATFORM}`);
    expect(findProviderMirror([root])).to.deep.equal({ folder: root, providers: [TERRAFORM] });
  });

  it('finds it one folder below, and a packed one as well', () => {
    packed(`plugins/${OPENTOFU}/terraform-provider-aws_6.25.0_${PLATFORM}.zip`);
    expect(findProviderMirror([root])).to.deep.equal({ folder: join(root, 'plugins'), providers: [OPENTOFU] });
  });

  it('names both registries when the folder has both', () => {
    for (const registry of [TERRAFORM, OPENTOFU]) unpacked(`${registry}/6.0.0/${PLATFORM}`);
    expect(findProviderMirror([root])?.providers).to.deep.equal([TERRAFORM, OPENTOFU]);
  });

  it('passes over versions that are too old, other platforms, other providers and folders that are not there', () => {
    unpacked(`${TERRAFORM}/5.99.1/${PLATFORM}`);
    unpacked(`${TERRAFORM}/5.100.0/plan9_mips`);
    packed(`${TERRAFORM}/terraform-provider-aws_5.100.0_plan9_mips.zip`);
    unpacked(`registry.terraform.io/hashicorp/random/5.100.0/${PLATFORM}`);
    expect(findProviderMirror([join(root, 'nowhere'), root])).to.equal(undefined);
  });

  it('gives OpenTofu what it has for Terraform, by links, packed and unpacked', () => {
    unpacked(`mirror/${TERRAFORM}/5.100.0/${PLATFORM}`);
    packed(`mirror/${TERRAFORM}/terraform-provider-aws_6.0.0_${PLATFORM}.zip`);
    const links = join(root, 'links');
    const found = { folder: join(root, 'mirror'), providers: [TERRAFORM] };
    // The second time they are there.
    for (const _ of [1, 2])
      expect(forBothRegistries(found, links)).to.deep.equal({ folder: links, providers: [TERRAFORM, OPENTOFU] });
    for (const path of [`5.100.0/${PLATFORM}`, `terraform-provider-aws_6.0.0_${PLATFORM}.zip`])
      for (const provider of [TERRAFORM, OPENTOFU])
        expect(realpathSync(join(links, provider, path))).to.equal(realpathSync(join(root, 'mirror', TERRAFORM, path)));
  });

  it('takes the first of several folders', () => {
    for (const folder of ['a', 'b']) unpacked(`${folder}/${TERRAFORM}/5.100.0/${PLATFORM}`);
    expect(findProviderMirror([join(root, 'b'), join(root, 'a')])?.folder).to.equal(join(root, 'b'));
  });
});

describe('mirrorRoots', () => {
  it('is the named folder alone', () => {
    expect(mirrorRoots({ LOKI_SHIPPER_PROVIDER_MIRROR: '/named', TF_PLUGIN_CACHE_DIR: '/cache' })).to.deep.equal([
      '/named',
    ]);
  });

  it("begins with Terraform's cache of providers", () => {
    expect(mirrorRoots({ TF_PLUGIN_CACHE_DIR: '/cache' })[0]).to.equal('/cache');
  });
});
