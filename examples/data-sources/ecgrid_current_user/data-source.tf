data "ecgrid_current_user" "this" {}

# Every plan and apply warns if the credential belongs to another network than expected.
check "network" {
  assert {
    condition     = data.ecgrid_current_user.this.network_id == 5050
    error_message = "The credential belongs to network ${data.ecgrid_current_user.this.network_id}, not 5050."
  }
}
