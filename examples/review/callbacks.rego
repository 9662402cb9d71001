# What a team accepts in a plan with `ecgrid_callback` resources. The input is what `terraform show -json PLAN` prints.
# `data.domains` are the domains that a callback's URL may use, in lower case: ["example.com"].
#
# Of the plan's values, a reason contains at most a URL's host, because many people can read the logs.
package ecgrid.callbacks

# A runner compares `reviewed` with its own count, so that a policy that saw nothing does not count as an approval.
review := {"reviewed": count(callbacks), "refused": refused}

# Without domains, every URL is refused.
default domains := []

domains := data.domains

# A callback with another shape is not counted here, so the runner notices that its own count differs.
callbacks := [resource |
	some resource in input.resource_changes
	is_callback(resource)
	is_string(resource.address)
	is_array(resource.change.actions)
	is_object_or_null(resource.change.before)
	is_object_or_null(resource.change.after)
]

is_object_or_null(value) if is_object(value)

is_object_or_null(null)

# Callbacks that exist after the apply. Unchanged ones count too: their URLs and passwords are part of the plan.
standing := [callback |
	some callback in callbacks
	callback.change.after != null
]

is_callback(resource) if {
	resource.mode == "managed"
	resource.type == "ecgrid_callback"
}

unknown(callback, attribute) if callback.change.after_unknown[attribute] == true

# --- url -------------------------------------------------------------------------------------------------------------

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	unknown(callback, "url")
	reason := "url is not known before the apply, so it cannot be reviewed; set a value that is known in the plan"
}

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	not unknown(callback, "url")
	not host(callback)
	reason := "url is not https:// with a plain host name, so it cannot be reviewed"
}

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	name := host(callback)
	not own(name)
	reason := concat("", ["url's host ", name, " is not under ", concat(" or ", domains)])
}

# Undefined for everything that URL parsers read differently: credentials, backslashes, blanks, brackets, other alphabets.
host(callback) := lower(found[0][1]) if {
	is_string(callback.change.after.url)
	shape := `^[Hh][Tt][Tt][Pp][Ss]://([A-Za-z0-9.-]+)(?::[0-9]+)?(?:[/?#].*)?$`
	found := regex.find_all_string_submatch_n(shape, callback.change.after.url, 1)
}

own(name) if {
	some domain in domains
	name == domain
}

own(name) if {
	some domain in domains
	endswith(name, concat("", [".", domain])) # with the dot: evilexample.com is not under example.com
}

# --- password --------------------------------------------------------------------------------------------------------

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	callback.change.after.password != null
	reason := "password is kept in the state; use password_wo with password_wo_version"
}

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	unknown(callback, "password")
	reason := "password is not known before the apply and is kept in the state; use password_wo with password_wo_version"
}

# --- on_destroy ------------------------------------------------------------------------------------------------------

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	callback.change.after.on_destroy == "terminate"
	reason := "on_destroy is \"terminate\", which cannot be undone; use delete, suspend or retain"
}

refused contains {"address": callback.address, "reason": reason} if {
	some callback in standing
	unknown(callback, "on_destroy")
	reason := "on_destroy is not known before the apply and may be \"terminate\"; set delete, suspend or retain"
}

# A destroy uses the value that was applied last, so the plan that destroys is too late to change it.
refused contains {"address": callback.address, "reason": reason} if {
	some callback in callbacks
	"delete" in callback.change.actions
	callback.change.before.on_destroy == "terminate"
	reason := "is destroyed with on_destroy = \"terminate\", which cannot be undone; apply another on_destroy first"
}

# --- changes that the plan does not contain --------------------------------------------------------------------------

refused contains {"address": deferred.resource_change.address, "reason": reason} if {
	some deferred in input.deferred_changes
	is_callback(deferred.resource_change)
	reason := "is deferred to a later plan, so it cannot be reviewed"
}

# --- literal password_wo ---------------------------------------------------------------------------------------------
#
# The planned value of a write-only argument is always null, so these rules read the configuration. A value counts as a
# literal if all its references lead to literals, through for_each, module arguments, module outputs and defaults of
# variables. Rego has no recursion, so the references form a graph that ends at "literal" and "elsewhere".
#
# Names are built with `concat` and kept in sets, because regopy 1.5 adds quotes to the keys that `sprintf` formats.

refused contains {"address": expression.block, "reason": reason} if {
	some expression in secrets
	expression.value.constant_value != null
	reason := "password_wo is a literal in the configuration; use an ephemeral variable or resource"
}

refused contains {"address": expression.block, "reason": reason} if {
	some expression in secrets
	not constant(expression)
	ends := graph.reachable(edges, [expression.name])
	"literal" in ends
	not "elsewhere" in ends
	reason := concat("", [
		"password_wo comes only from literals (a function, for_each, module argument or default); ",
		"use an ephemeral variable or resource",
	])
}

# Every module of the configuration. The address of the root module is "".
modules contains {"address": concat(".", calls), "content": content} if {
	walk(input.configuration.root_module, [path, content])
	is_module(path)
	calls := [concat(".", ["module", step]) |
		step := path[i]
		i % 3 == 1
	]
}

is_module(path) if {
	count(path) % 3 == 0
	every i, step in path {
		["module_calls", step, "module"][i % 3] == step
	}
}

within("", name) := name

within(module, name) := concat(".", [module, name]) if module != ""

called(module, name) := within(module, concat(".", ["module", name]))

node(owner, name) := concat("|", [owner, name])

# An expression has a value, the module in which its references are looked up, and the block to which `each` belongs.
secrets contains {"name": name, "value": value, "module": module.address, "block": block} if {
	some module in modules
	some resource in module.content.resources
	is_callback(resource)
	value := resource.expressions.password_wo
	block := within(module.address, resource.address)
	name := node(block, "password_wo")
}

for_each contains {"name": name, "value": value, "module": module.address, "block": ""} if {
	some module in modules
	some resource in module.content.resources
	is_callback(resource)
	value := resource.for_each_expression
	name := node(within(module.address, resource.address), "each")
}

for_each contains {"name": name, "value": value, "module": module.address, "block": ""} if {
	some module in modules
	some key, call in module.content.module_calls
	value := call.for_each_expression
	name := node(called(module.address, key), "each")
}

arguments contains {"name": name, "value": value, "module": module.address, "block": block} if {
	some module in modules
	some key, call in module.content.module_calls
	block := called(module.address, key)
	some variable, value in call.expressions
	name := node(block, concat(".", ["var", variable]))
}

outputs contains {"name": name, "value": output.expression, "module": module.address, "block": ""} if {
	some module in modules
	some key, output in module.content.outputs
	name := node(module.address, concat(".", ["output", key]))
}

# A default counts if the call of the module does not set the variable. The root module has no call.
defaults contains name if {
	some module in modules
	some key, variable in module.content.variables
	variable["default"] != null
	name := node(module.address, concat(".", ["var", key]))
	not name in argued
}

argued := {argument.name | some argument in arguments}

expressions := ((secrets | for_each) | arguments) | outputs

known := {expression.name | some expression in expressions} | defaults

edges := object.union_n([
	{expression.name: ends(expression) | some expression in expressions},
	{name: {"literal"} | some name in defaults},
	{"literal": set(), "elsewhere": set()},
])

constant(expression) if "constant_value" in object.keys(expression.value)

ends(expression) := {"literal"} if expression.value.constant_value != null

ends(expression) := {"elsewhere"} if expression.value.constant_value == null

# An expression without a constant and without references is a function of literals.
ends(expression) := {"literal"} if {
	not constant(expression)
	count(object.get(expression.value, "references", [])) == 0
}

ends(expression) := all if {
	count(expression.value.references) > 0
	all := {end(expression, reference) |
		some reference in expression.value.references
		not part_of_longer(reference, expression.value.references)
	}
}

# Terraform lists `module.a.out` as "module.a.out" and "module.a".
part_of_longer(reference, references) if {
	some longer in references
	startswith(longer, concat("", [reference, "."]))
}

end(expression, reference) := name if {
	name := target(expression, reference)
	name in known
} else := "literal" if {
	startswith(reference, "each.") # the plan shows no for_each, which means that it is a function of literals
} else := "literal" if {
	# These only choose among literals, so they count as literals.
	reference in {"count.index", "terraform.workspace"}
} else := "elsewhere"

target(expression, reference) := node(expression.module, concat(".", ["var", parts[0][1]])) if {
	parts := regex.find_all_string_submatch_n(`^var\.([^.\[]+)`, reference, 1)
	count(parts) == 1
}

target(expression, reference) := node(expression.block, "each") if startswith(reference, "each.")

target(expression, reference) := node(within(expression.module, parts[0][1]), concat(".", ["output", parts[0][2]])) if {
	shape := `^(module\.[^.\[]+)(?:\[.*?\])?\.([^.\[]+)`
	parts := regex.find_all_string_submatch_n(shape, reference, 1)
	count(parts) == 1
}
