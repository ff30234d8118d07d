import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { TerraformIterator, Token } from 'cdktf';
import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { definePrivateBucket, UNFINISHED_UPLOADS } from '../private-bucket.ts';
import { CONFIG_BUCKET } from './names.ts';
import type { Variables } from './variables.ts';

/** The files of the host beside the module's file; their names end with `.tftpl` where values are put in. */
const FILES = '${path.module}/host';
/** Before the keys of what the host fetches. */
export const HOST_PREFIX = 'host/';

/**
 * What the host runs, in a bucket from which it fetches it: at its boot, and every few minutes what has changed. So a
 * changed setting never replaces the instance.
 *
 * @returns the list of the files with their hashes, which is written last: what it names is there
 */
export function defineConfiguration(module: ModuleStack, variables: Variables): S3Object {
  const { bucket, policy } = definePrivateBucket(module, 'config', {
    bucket: CONFIG_BUCKET,
    // All of it can be made again.
    forceDestroy: true,
    tags: Token.asStringMap(variables.tags.value),
  });
  new S3BucketServerSideEncryptionConfigurationA(module, 'config.encryption', {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  const versioning = new S3BucketVersioningA(module, 'config.versioning', {
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  });
  new S3BucketLifecycleConfiguration(module, 'config.lifecycle', {
    bucket: bucket.id,
    rule: [
      {
        id: 'former-versions',
        status: 'Enabled',
        filter: [{}],
        noncurrentVersionExpiration: [{ noncurrentDays: 90 }],
      },
      UNFINISHED_UPLOADS,
    ],
    dependsOn: [versioning],
  });

  module.local('host_files', HOST_FILES);
  const files = upload(
    new S3Object(module, 'host_files.object', {
      forEach: TerraformIterator.fromMap(Token.asStringMap('${local.host_files}')),
      bucket: bucket.id,
      key: `${HOST_PREFIX}\${each.key}`,
      content: '${each.value}',
      etag: '${md5(each.value)}',
      dependsOn: [policy, versioning],
    }),
  );
  module.local('manifest', MANIFEST);
  return upload(
    new S3Object(module, 'manifest.object', {
      bucket: bucket.id,
      key: `${HOST_PREFIX}manifest.sha256`,
      content: '${local.manifest}',
      etag: '${md5(local.manifest)}',
      dependsOn: [files],
    }),
  );
}

/** An object takes ten tags, fewer than a provider may have by default. */
function upload(object: S3Object): S3Object {
  object.addOverride('override_provider', { default_tags: { tags: {} } });
  return object;
}

const HOST_FILES = hcl`merge(
  { for file in fileset("${FILES}", "**") : file => file("${FILES}/\${file}") if !endswith(file, ".tftpl") },
  { for file in fileset("${FILES}", "**") : trimsuffix(file, ".tftpl") => templatefile("${FILES}/\${file}", local.host_values) if endswith(file, ".tftpl") }
)`;

/** As `sha256sum --check` reads it. */
const MANIFEST = hcl`join("", [for path, content in local.host_files : "\${sha256(content)}  \${path}\n"])`;
