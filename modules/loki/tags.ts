import { Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';

/** Tags for what has a name only as a tag, as most of EC2 has. */
export const NAMED_TAGS = Token.asStringMap(expression(hcl`merge({ Name = "\${var.name}-host" }, var.tags)`));
