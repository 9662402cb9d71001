#!/bin/sh
# Starts a sandbox, applies a configuration to it, and fails unless a second plan is empty.
#
#   sh try.sh [FOLDER [TOP]]     FOLDER contains the configuration (default: the folder of this script). If the
#                                configuration uses modules by a relative path, TOP is the folder that contains both.
#
# To keep the first plan as text, set TRY_PLAN to the absolute path of a file.
#
# Needs on PATH: terraform, and terraform-provider-ecgrid with the extra `sandbox`. First run `terraform-provider-ecgrid
# install`. The script works on a copy of the configuration, with a new state. The provider block must not set
# `base_url`, `api_key` or `access_token`: they override the variables of the sandbox, so the apply would change the
# real account.
set -eu

folder=$(cd "${1:-$(dirname "$0")}" && pwd -P)
top=$(cd "${2:-$folder}" && pwd -P)
case $folder/ in
  "$top"/*) ;;
  *)
    echo "$folder is not inside $top." >&2
    exit 2
    ;;
esac

work=$(mktemp -d)
sandbox=
finish() {
  if [ -n "$sandbox" ]; then kill "$sandbox" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cp -R "$top" "$work/top"
cd "$work/top${folder#"$top"}"
rm -rf .terraform terraform.tfstate*
# Overrides the backend of the configuration.
printf 'terraform {\n  backend "local" {}\n}\n' >sandbox_override.tf

terraform-provider-ecgrid sandbox >"$work/log" &
sandbox=$!
until grep -q '^export ECGRID_API_KEY=' "$work/log"; do
  kill -0 "$sandbox" # ends the script if the sandbox did not start
  sleep 0.1
done
eval "$(grep '^export ' "$work/log")"

terraform init -input=false
terraform plan -input=false -out=try.tfplan
if [ -n "${TRY_PLAN:-}" ]; then terraform show -no-color try.tfplan >"$TRY_PLAN"; fi
terraform apply -input=false try.tfplan
terraform plan -input=false -detailed-exitcode

echo 'Writes that the sandbox received:'
grep -E '^(POST /v2/callbacks/(create|update|test)|DELETE) ' "$work/log" || echo none
