/** Of the product. Kept equal to package.json by a test: importing that would put all of it into the bundle. */
export const VERSION = '0.1.0';
