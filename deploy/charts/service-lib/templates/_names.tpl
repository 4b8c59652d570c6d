{{/* Name of the service: vendor, catalog, order or reporting. Usage: include "service-lib.service" . */}}
{{- define "service-lib.service" -}}
{{- .Chart.Name -}}
{{- end }}

{{/* Full name of an object: <release>-<service>, at most 52 characters so that "-migrate" still fits a DNS label. */}}
{{- define "service-lib.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end }}

{{/* Image with tag. The registry and tag of `global` let one value move all services. */}}
{{- define "service-lib.image" -}}
{{- $registry := .Values.global.imageRegistry | default "" -}}
{{- $tag := .Values.image.tag | default .Values.global.imageTag | default .Chart.AppVersion -}}
{{- if $registry }}{{ $registry }}/{{ end }}{{ .Values.image.repository }}:{{ $tag -}}
{{- end }}

{{/* Prefix of the service's environment variables, for example VENDOR. */}}
{{- define "service-lib.envPrefix" -}}
{{- include "service-lib.service" . | upper -}}
{{- end }}
