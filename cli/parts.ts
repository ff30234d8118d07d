/** What the parts of an installation are called in AWS: as modules/shipper/names.ts names them. */
export interface Parts {
  readonly shipper: string;
  readonly registrar: string;
  /** The log group of the shipper's function. */
  readonly shipperLog: string;
  /** The subscription filter of each log group. */
  readonly filter: string;
}

/** @param name of the module */
export function partsOf(name: string): Parts {
  return {
    shipper: `${name}-shipper`,
    registrar: `${name}-registrar`,
    shipperLog: `/aws/lambda/${name}-shipper`,
    filter: name,
  };
}
