variable "mailbox_name" {
  description = <<-EOT
    Name, unique id or company name of the mailbox of all callbacks. A change to another mailbox replaces all
    callbacks. Set either this or `mailbox_id`.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.mailbox_name != ""
    error_message = "mailbox_name must not be empty."
  }

  validation {
    condition     = (var.mailbox_name == null) != (var.mailbox_id == null)
    error_message = "Set either mailbox_name or mailbox_id."
  }
}

variable "mailbox_id" {
  description = "ID of the mailbox, instead of `mailbox_name`."
  type        = number
  default     = null

  validation {
    condition = (
      var.mailbox_id == null ? true :
      var.mailbox_id >= 1 && var.mailbox_id <= 2147483647 && floor(var.mailbox_id) == var.mailbox_id
    )
    error_message = "mailbox_id must be a whole number from 1 to 2147483647."
  }
}

variable "callbacks" {
  description = <<-EOT
    The callbacks by key. Choose any name as a key. It is part of the resource address, and stays the same if the URL,
    event or status changes.

    - `url`: HTTPS endpoint. Plan and state show it, so do not put a token in it.
    - `event`: the event that causes a delivery.
    - `status`: `Active` delivers, `Suspended` pauses.
    - `http_auth_type`: `None`, `Basic` or `Digest`. If omitted, the value at ECGrid stays as it is.
    - `username`, `password_version`: required for `Basic` and `Digest`. The password itself is in `passwords`. Increase
      the version to send the password again.
    - `on_destroy`: `delete`, `suspend` or `retain`. Applies when you remove the key.
    - `verify_delivery`: after a change, asks ECGrid to call the endpoint, and warns unless the endpoint answers 200.
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
    error_message = "Each key of callbacks must start with a lowercase letter and contain only lowercase letters, digits, _ and -."
  }

  # The messages name keys and not URLs, because a URL may contain a token.
  validation {
    condition = alltrue([for one in var.callbacks : can(regex(local.url, one.url))])
    error_message = format(
      "Each url must be https://HOST/..., without credentials and spaces. Correct: %s.",
      join(", ", [for key, one in var.callbacks : key if !can(regex(local.url, one.url))])
    )
  }

  validation {
    condition = alltrue([for one in var.callbacks : contains(local.events, one.event)])
    error_message = format(
      "Each event must be one of %s. Correct: %s.",
      join(", ", local.events),
      join(", ", [for key, one in var.callbacks : key if !contains(local.events, one.event)])
    )
  }

  validation {
    condition = alltrue([for one in var.callbacks : contains(local.statuses, one.status)])
    error_message = format(
      "Each status must be one of %s. To delete a callback, remove its key. Correct: %s.",
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
    error_message = "If http_auth_type is Basic or Digest, set username and password_version. Otherwise, remove both."
  }

  validation {
    condition     = alltrue([for one in var.callbacks : contains(["delete", "suspend", "retain"], one.on_destroy)])
    error_message = "Each on_destroy must be delete, suspend or retain."
  }

  # ECGrid may refuse the second callback in the middle of an apply.
  validation {
    condition     = length(var.callbacks) == length(distinct([for one in var.callbacks : [one.event, one.url]]))
    error_message = "Two callbacks have the same event and url. ECGrid may refuse the second. Remove one of them."
  }
}

variable "passwords" {
  description = <<-EOT
    Passwords by the keys of `callbacks`. They are ephemeral: Terraform does not write them into a plan or state file,
    and ECGrid never returns them. A run needs them if it registers a callback with `Basic` or `Digest`, or changes
    credentials.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(setsubtract(keys(var.passwords), keys(var.callbacks))) == 0
    error_message = "Each key of passwords must also be a key of callbacks."
  }
}

locals {
  key = "^[a-z][a-z0-9_-]*$"
  url = "^(?i:https)://[^/?#@\\s]+([/?#]\\S*)?$"
  events = [
    "AS2", "CallBackEvent", "CarbonCopy", "Comm", "Contract", "ECGridID", "GISB", "Interchange", "Interconnect",
    "InterconnectNote", "Invoice", "Mailbox", "Migration", "Network", "Parcel", "PriceList", "System", "User",
  ]
  # Without `Terminated`, which cannot be undone.
  statuses = ["Active", "Suspended", "Development", "Preproduction"]
}
