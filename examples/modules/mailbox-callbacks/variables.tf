variable "mailbox_name" {
  description = <<-EOT
    The mailbox that all of the callbacks are registered for, by its name, unique id or company name. Another mailbox
    replaces them all. Set either this or `mailbox_id`.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.mailbox_name != ""
    error_message = "The mailbox's name must not be empty."
  }

  validation {
    condition     = (var.mailbox_name == null) != (var.mailbox_id == null)
    error_message = "Set either mailbox_name or mailbox_id."
  }
}

variable "mailbox_id" {
  description = "The mailbox by its id, in place of `mailbox_name`."
  type        = number
  default     = null

  validation {
    condition = (
      var.mailbox_id == null ? true :
      var.mailbox_id >= 1 && var.mailbox_id <= 2147483647 && floor(var.mailbox_id) == var.mailbox_id
    )
    error_message = "The mailbox's id must be a whole number from 1 to 2147483647."
  }
}

variable "callbacks" {
  description = <<-EOT
    The callbacks by key. A key is a name of your own choice and part of the resource's address: it outlives another
    URL, event or status.

    - `url`: HTTPS endpoint. It shows in plan and state, so no token belongs into it.
    - `event`: what raises the callback.
    - `status`: `Active` delivers, `Suspended` pauses.
    - `http_auth_type`: `None`, `Basic` or `Digest`; if omitted, it stays as it is at ECGrid.
    - `username`, `password_version`: for `Basic` and `Digest`. The password itself is in `passwords`; raise its version
      to have it sent again.
    - `on_destroy`: `delete`, `suspend` or `retain`, when the key is taken out.
    - `verify_delivery`: have ECGrid call the endpoint after a change and warn unless it answers 200.
  EOT

  type = map(object({
    url              = string
    event            = string
    status           = optional(string, "Active")
    http_auth_type   = optional(string)
    username         = optional(string)
    password_version = optional(number)
    on_destroy       = optional(string, "delete")
    verify_delivery  = optional(bool)
  }))
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.callbacks) : can(regex(local.key, key))])
    error_message = "A key must begin with a small letter and go on with small letters, digits, _ and -."
  }

  # The messages name keys and no URLs: one may carry a token all the same.
  validation {
    condition = alltrue([for one in var.callbacks : can(regex(local.url, one.url))])
    error_message = format(
      "Each url must be https://HOST/..., without credentials and spaces. Look at: %s.",
      join(", ", [for key, one in var.callbacks : key if !can(regex(local.url, one.url))])
    )
  }

  validation {
    condition = alltrue([for one in var.callbacks : contains(local.events, one.event)])
    error_message = format(
      "Each event must be one of %s. Look at: %s.",
      join(", ", local.events),
      join(", ", [for key, one in var.callbacks : key if !contains(local.events, one.event)])
    )
  }

  validation {
    condition = alltrue([for one in var.callbacks : contains(local.statuses, one.status)])
    error_message = format(
      "Each status must be one of %s; to end a callback, take its key out. Look at: %s.",
      join(", ", local.statuses),
      join(", ", [for key, one in var.callbacks : key if !contains(local.statuses, one.status)])
    )
  }

  validation {
    condition = alltrue([
      for one in var.callbacks : contains(["None", "Basic", "Digest"], coalesce(one.http_auth_type, "None"))
    ])
    error_message = "Each http_auth_type must be None, Basic or Digest."
  }

  validation {
    condition = alltrue([
      for one in var.callbacks : contains(["Basic", "Digest"], coalesce(one.http_auth_type, "None"))
      ? one.username != null && one.password_version != null
      : one.username == null && one.password_version == null
    ])
    error_message = "Basic and Digest need username and password_version, which otherwise may not be set."
  }

  validation {
    condition     = alltrue([for one in var.callbacks : contains(["delete", "suspend", "retain"], one.on_destroy)])
    error_message = "Each on_destroy must be delete, suspend or retain."
  }

  # ECGrid would refuse the second one in the middle of an apply.
  validation {
    condition     = length(var.callbacks) == length(distinct([for one in var.callbacks : [one.event, one.url]]))
    error_message = "Two callbacks have the same event and url, which ECGrid registers once for a mailbox."
  }
}

variable "passwords" {
  description = <<-EOT
    Passwords by the callbacks' keys. Ephemeral: Terraform puts them into no plan and no state, and ECGrid shows them to
    nobody. Needed in a run that registers a callback with `Basic` or `Digest`, or changes its credentials.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(setsubtract(keys(var.passwords), keys(var.callbacks))) == 0
    error_message = "Each key of passwords must be a key of callbacks."
  }
}

locals {
  key = "^[a-z][a-z0-9_-]*$"
  url = "^(?i:https)://[^/?#@\\s]+([/?#]\\S*)?$"
  events = [
    "AS2", "CallBackEvent", "CarbonCopy", "Comm", "Contract", "ECGridID", "GISB", "Interchange", "Interconnect",
    "InterconnectNote", "Invoice", "Mailbox", "Migration", "Network", "Parcel", "PriceList", "System", "User",
  ]
  # Without `Terminated`, which nothing can undo.
  statuses = ["Active", "Suspended", "Development", "Preproduction"]
}
