{{- define "timonier.labels" -}}
app.kubernetes.io/name: timonier
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "timonier.selector" -}}
app.kubernetes.io/name: timonier
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* TIMONIER_CONFIG. */}}
{{- define "timonier.config" -}}
{{- dict "namespaces" .Values.sandbox.namespaces "students_write" .Values.sandbox.studentsWrite "read_only_namespaces" .Values.readOnlyNamespaces | merge (deepCopy .Values.config) | toYaml }}
{{- end }}

{{/* constrained or legacy. */}}
{{- define "timonier.impersonation" -}}
{{- $auto := semverCompare ">=1.36-0" .Capabilities.KubeVersion.Version | ternary "constrained" "legacy" }}
{{- eq .Values.impersonation "auto" | ternary $auto .Values.impersonation }}
{{- end }}

{{/* All groups, as a JSON list: the trainers, and the students of each sandbox namespace. */}}
{{- define "timonier.groups" -}}
{{- $groups := list "timonier:trainers" }}
{{- range .Values.sandbox.namespaces }}{{ $groups = append $groups (printf "timonier:students:%s" .) }}{{ end }}
{{- $groups | toJson }}
{{- end }}

{{/* Rules for the namespaces of that name alone: (list rules names). */}}
{{- define "timonier.named" -}}
{{- $named := list }}
{{- range index . 0 }}{{ $named = append $named (merge (dict "resourceNames" (index $ 1)) .) }}{{ end }}
{{- $named | toYaml }}
{{- end }}

{{/* Egress to whoever answers for DNS. */}}
{{- define "timonier.dns" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end }}

{{/* The API server's addresses, as a JSON list of CIDRs: by value, else as found; a rendering without a cluster finds none. */}}
{{- define "timonier.apiServer" -}}
{{- $cidrs := .Values.networkPolicy.apiServer.cidrs }}
{{- if not $cidrs }}
  {{- range (lookup "discovery.k8s.io/v1" "EndpointSlice" "default" "kubernetes").endpoints }}
    {{- range .addresses }}{{ $cidrs = append $cidrs (printf "%s/%s" . (contains ":" . | ternary "128" "32")) }}{{ end }}
  {{- end }}
{{- end }}
{{- $cidrs | default (list "0.0.0.0/0" "::/0") | toJson }}
{{- end }}

{{/* The images that may run, as a regular expression. */}}
{{- define "timonier.images" -}}
{{- $repositories := list }}
{{- range .Values.sandbox.images }}
  {{- $below := hasSuffix "/" . | ternary "[a-z0-9._/-]+" "" }}
  {{- $repositories = append $repositories (printf "%s%s" (regexQuoteMeta .) $below) }}
{{- end -}}
^({{ join "|" $repositories }})(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$
{{- end }}

{{/* All that holds pods, for a policy. */}}
{{- define "timonier.workloads" -}}
{{- range $group, $resources := dict "" "pods, pods/ephemeralcontainers, replicationcontrollers" "apps" "deployments, replicasets, statefulsets, daemonsets" "batch" "jobs, cronjobs" }}
- apiGroups: [{{ $group | quote }}]
  apiVersions: ["*"]
  operations: [CREATE, UPDATE]
  resources: [{{ $resources }}]
{{- end }}
{{- end }}

{{/* CEL: what pods are made of in ``object`` or ``oldObject``; nothing where there is no such object. */}}
{{- define "timonier.podSpec" -}}
{{ . }} == null ? dyn({}) : {{ . }}.kind == "Pod" ? {{ . }}.spec : {{ . }}.kind == "CronJob" ? {{ . }}.spec.jobTemplate.spec.template.spec : {{ . }}.spec.?template.?spec.orValue({})
{{- end }}

{{/* CEL: all containers of such a spec. */}}
{{- define "timonier.containers" -}}
{{ . }}.?containers.orValue([]) + {{ . }}.?initContainers.orValue([]) + {{ . }}.?ephemeralContainers.orValue([])
{{- end }}

{{/* What a schema cannot say. */}}
{{- define "timonier.check" -}}
{{- $sandbox := .Values.sandbox.namespaces }}
{{- range $sandbox }}
  {{- if eq . $.Release.Namespace }}{{ fail (printf "sandbox.namespaces: %s is the bot's own namespace: pods there could use its account. Install the release into another: --namespace timonier --create-namespace" .) }}{{ end }}
  {{- if or (eq . "default") (hasPrefix "kube-" .) }}{{ fail (printf "sandbox.namespaces: %s belongs to the cluster; name a namespace of its own for each team: [equipe-rouge]" .) }}{{ end }}
  {{- if has . $.Values.readOnlyNamespaces }}{{ fail (printf "readOnlyNamespaces: %s is in sandbox.namespaces too; leave it in one of them" .) }}{{ end }}
{{- end }}
{{- range .Values.sandbox.studentsWrite }}
  {{- if not (has . $sandbox) }}{{ fail (printf "sandbox.studentsWrite: %s is not in sandbox.namespaces: %s" . (join ", " $sandbox)) }}{{ end }}
{{- end }}
{{- if and .Values.ingress.enabled (ne .Values.mode "http") }}{{ fail "ingress.enabled: Slack calls the bot in HTTP mode only; set mode: http, or leave the Ingress out" }}{{ end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}{{ fail "ingress.host: name the host that Slack calls, for example --set ingress.host=timonier.example.org" }}{{ end }}
{{- if has .Release.Namespace .Values.readOnlyNamespaces }}{{ fail (printf "readOnlyNamespaces: %s is the bot's own namespace, which is shown to nobody" .Release.Namespace) }}{{ end }}
{{- range $id, $channel := .Values.config.channels }}
  {{- with $channel.namespace }}
    {{- if not (has . $sandbox) }}{{ fail (printf "config.channels.%s.namespace: %s is not in sandbox.namespaces: %s" $id . (join ", " $sandbox)) }}{{ end }}
  {{- end }}
{{- end }}
{{- end }}
