/** The images that are known to work together, by the digests that grafana/loki pins in its own examples (production/docker). */
export const LOKI_IMAGE = 'grafana/loki:3.7.6@sha256:efd47c67f9bac88ca29bcf8cb997d9ab29d1848bd0aff579282295542a745952';
export const GRAFANA_IMAGE =
  'grafana/grafana:13.2.0@sha256:3fd54ae1214669f8355f065ec9f6445d5279a3d77095ab048ca045685272429b';
