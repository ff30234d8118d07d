# What review.sh needs, as an image for GitLab: docker build -f gitlab.Dockerfile -t <registry>/loki-shipper-review:1 .
FROM hashicorp/terraform:1.11.4 AS terraform

FROM node:22-bookworm-slim
COPY --from=terraform /bin/terraform /usr/local/bin/terraform
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates curl git jq python3-venv \
  && rm -rf /var/lib/apt/lists/* \
  && python3 -m venv /opt/checkov \
  && /opt/checkov/bin/pip install --no-cache-dir checkov==3.3.30 \
  && ln -s /opt/checkov/bin/checkov /usr/local/bin/checkov
