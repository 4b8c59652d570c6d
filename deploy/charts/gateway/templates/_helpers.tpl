{{- define "gateway.name" -}}
{{- .Values.gatewayName | default (printf "%s-gateway" .Release.Name) -}}
{{- end }}

{{- define "gateway.labels" -}}
app.kubernetes.io/name: gateway
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: bela
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* One match of a route: a whole path or a prefix of whole segments. */}}
{{- define "gateway.match" -}}
{{- if .path_exact }}
- path: {type: Exact, value: {{ .path_exact | quote }}}
{{- else }}
- path: {type: PathPrefix, value: {{ .path_prefix | quote }}}
{{- end }}
{{- end }}
