{{/* Closed by default. In: gateway (REST), named callers (gRPC), Prometheus (probes). Out: DNS, own database, NATS,
     the issuer, telemetry, named callees. */}}
{{- define "service-lib.networkpolicy" -}}
{{- if and .Values.enabled .Values.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "service-lib.fullname" . }}
  labels: {{- include "service-lib.labels" (dict "root" . "component" "network") | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ include "service-lib.service" . }}
      app.kubernetes.io/instance: {{ .Release.Name }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {{ toJson .Values.networkPolicy.gatewayNamespaceLabels }}}
      ports: [{protocol: TCP, port: 8080}]
    {{- if .Values.callers }}
    - from:
        {{- range .Values.callers }}
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ . }}
              app.kubernetes.io/instance: {{ $.Release.Name }}
        {{- end }}
      ports: [{protocol: TCP, port: 9090}]
    {{- end }}
    - from:
        - namespaceSelector: {matchLabels: {{ toJson .Values.networkPolicy.monitoringNamespaceLabels }}}
      ports: [{protocol: TCP, port: 8081}]
  egress:
    - to:
        - namespaceSelector: {}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
      ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
    - to:
        - namespaceSelector: {matchLabels: {{ toJson .Values.networkPolicy.dataNamespaceLabels }}}
      ports: [{protocol: TCP, port: 5432}, {protocol: TCP, port: 4222}]
    - to:
        - namespaceSelector: {matchLabels: {{ toJson .Values.networkPolicy.issuerNamespaceLabels }}}
      ports: [{protocol: TCP, port: {{ .Values.networkPolicy.issuerPort }}}]
    - to:
        - namespaceSelector: {matchLabels: {{ toJson .Values.networkPolicy.monitoringNamespaceLabels }}}
      ports: [{protocol: TCP, port: 4317}]
    {{- if .Values.callees }}
    - to:
        {{- range .Values.callees }}
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ . }}
              app.kubernetes.io/instance: {{ $.Release.Name }}
        {{- end }}
      ports: [{protocol: TCP, port: 9090}]
    {{- end }}
{{- end }}
{{- end }}
