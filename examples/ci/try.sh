#!/bin/sh
# Plans and applies a configuration against a sandbox of its own, and fails unless a second plan is empty.
#
#   sh try.sh [FOLDER [TOP]]     FOLDER holds the configuration; left out, it is this script's own. TOP is a folder above
#                                it that also holds the modules which it names by a relative path.
#
# With TRY_PLAN in the environment the first plan is written, as text, to the file that it names by an absolute path.
#
# Needed on PATH: terraform, and terraform-provider-ecgrid with its extra `sandbox`. Run `terraform-provider-ecgrid
# install` before. Works on a copy with a state of its own. The configuration must leave `base_url` and the credentials
# to the environment: what a provider block says beats the sandbox's variables, and would reach the real account.
set -eu

folder=$(cd "${1:-$(dirname "$0")}" && pwd -P)
top=$(cd "${2:-$folder}" && pwd -P)
case $folder/ in
  "$top"/*) ;;
  *)
    echo "$folder is not below $top." >&2
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
# Terraform takes this backend instead of the one that the configuration names.
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

echo 'The sandbox received these writes:'
grep -E '^(POST /v2/callbacks/(create|update|test)|DELETE) ' "$work/log" || echo none
