{{- define "backchannel.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "backchannel.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "backchannel.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "backchannel.selector" . }}
{{- end -}}

{{- define "backchannel.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "backchannel.name" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- /* A setting as text. Helm reads numbers as floats, and would write 8000000 as 8e+06; it reads on and off as true and false. */ -}}
{{- define "backchannel.text" -}}
{{- if kindIs "bool" . -}}
{{- ternary "on" "off" . -}}
{{- else if kindIs "float64" . -}}
{{- if eq . (floor .) -}}{{- printf "%.0f" . -}}{{- else -}}{{- . -}}{{- end -}}
{{- else if or (kindIs "map" .) (kindIs "slice" .) -}}
{{- toJson . -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{- /*
How long a Pod may take to leave: what its role goes on with, and what comes after it. An API serves for SHUTDOWN_DRAIN_MS and then ends requests, five
seconds; a worker goes on for SHUTDOWN_GRACE_MS and then hands its runs over, ten seconds. Each has five more.
*/ -}}
{{- define "backchannel.leaveSeconds" -}}
{{- $ms := .root.Values.config.SHUTDOWN_GRACE_MS | default 25000 -}}
{{- if eq .role "api" -}}{{- $ms = .root.Values.config.SHUTDOWN_DRAIN_MS | default 500 -}}{{- end -}}
{{- add (ceil (divf $ms 1000)) 15 -}}
{{- end -}}

{{- /* The Deployment of a role. Takes root and role. */ -}}
{{- define "backchannel.deployment" -}}
{{- $own := index .root.Values .role -}}
{{- $role := .role -}}
{{- with .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "backchannel.name" . }}-{{ $role }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "backchannel.labels" . | nindent 4 }}
    app.kubernetes.io/component: {{ $role }}
spec:
  {{- /* Whoever scales sets it. */}}
  {{- if not $own.autoscaling.enabled }}
  replicas: {{ $own.replicas }}
  {{- end }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels:
      {{- include "backchannel.selector" . | nindent 6 }}
      app.kubernetes.io/component: {{ $role }}
  template:
    metadata:
      labels:
        {{- include "backchannel.labels" . | nindent 8 }}
        app.kubernetes.io/component: {{ $role }}
      annotations:
        checksum/config: {{ include "backchannel.config" . | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "backchannel.serviceAccount" . }}
      automountServiceAccountToken: false
      {{- /* A Service named metrics would otherwise set METRICS_PORT. */}}
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ include "backchannel.leaveSeconds" (dict "root" . "role" $role) }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        seccompProfile: { type: RuntimeDefault }
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ $role }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args: [{{ $role }}]
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          ports:
            {{- if eq $role "api" }}
            - { name: http, containerPort: 4000 }
            {{- end }}
            - { name: inner, containerPort: 9464 }
          envFrom:
            - configMapRef: { name: {{ include "backchannel.name" . }} }
            - secretRef: { name: {{ .Values.existingSecret }} }
          env:
            {{- /* By name: a Pod whose Secret lacks one of them does not start, and says which. */}}
            {{- $secrets := list "REDIS_URL" "TOKEN_SECRET" "SECRETS_KEY" }}
            {{- if not .Values.accountsSecret }}
            {{- $secrets = append $secrets "API_KEYS" }}
            {{- end }}
            {{- range $secrets }}
            - name: {{ . }}
              valueFrom: { secretKeyRef: { name: {{ $.root.Values.existingSecret }}, key: {{ . }} } }
            {{- end }}
            - { name: PORT, value: "4000" }
            - { name: METRICS_PORT, value: "9464" }
            {{- if .Values.accountsSecret }}
            - { name: ACCOUNTS, value: /etc/backchannel/accounts/accounts.json }
            {{- end }}
            {{- if .Values.caSecret }}
            - { name: NODE_EXTRA_CA_CERTS, value: /etc/backchannel/ca/ca.crt }
            {{- end }}
          {{- /* The inner port answers from before Redis does. A Redis that is away makes a Pod unready, and restarts none. */}}
          startupProbe:
            httpGet: { path: /live, port: inner }
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /live, port: inner }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /ready, port: inner }
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          {{- with $own.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- if or .Values.accountsSecret .Values.caSecret }}
          volumeMounts:
            {{- if .Values.accountsSecret }}
            - { name: accounts, mountPath: /etc/backchannel/accounts, readOnly: true }
            {{- end }}
            {{- if .Values.caSecret }}
            - { name: ca, mountPath: /etc/backchannel/ca, readOnly: true }
            {{- end }}
          {{- end }}
      {{- if or .Values.accountsSecret .Values.caSecret }}
      volumes:
        {{- if .Values.accountsSecret }}
        - name: accounts
          secret: { secretName: {{ .Values.accountsSecret }} }
        {{- end }}
        {{- if .Values.caSecret }}
        - name: ca
          secret: { secretName: {{ .Values.caSecret }} }
        {{- end }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "backchannel.selector" . | nindent 14 }}
              app.kubernetes.io/component: {{ $role }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
{{- end -}}

{{- define "backchannel.config" -}}
{{- range $name, $value := .Values.config }}
{{ $name }}: {{ include "backchannel.text" $value | quote }}
{{- end }}
{{- end -}}
