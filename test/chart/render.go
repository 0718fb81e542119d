// Renders a Helm chart as Helm does: text/template with the functions of sprig and those that Helm adds. Takes a folder of a chart and, as JSON on
// standard input, {values, release, namespace}; writes {file: text} as JSON. Built from Debian's packages, since helm itself is in none.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type object = map[string]interface{}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string) error {
	var given struct {
		Values    object
		Release   string
		Namespace string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return err
	}
	values, err := readYaml(filepath.Join(folder, "values.yaml"))
	if err != nil {
		return err
	}
	about, err := readYaml(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return err
	}
	chart := object{}
	for name, value := range about {
		chart[strings.ToUpper(name[:1])+name[1:]] = value
	}
	top := object{
		"Values":       merged(values, given.Values),
		"Chart":        chart,
		"Release":      object{"Name": given.Release, "Namespace": given.Namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Capabilities": object{"KubeVersion": object{"Version": "v1.31.0"}},
	}

	all := template.New("chart").Option("missingkey=zero")
	all.Funcs(functions(all))
	files, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := all.New(filepath.Base(file)).Parse(string(text)); err != nil {
			return err
		}
	}
	rendered := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		top["Template"] = object{"Name": "chart/templates/" + name, "BasePath": "chart/templates"}
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, name, top); err != nil {
			return err
		}
		// As Helm does: what is not there is nothing.
		rendered[name] = strings.ReplaceAll(out.String(), "<no value>", "")
	}
	return json.NewEncoder(os.Stdout).Encode(rendered)
}

func functions(all *template.Template) template.FuncMap {
	known := sprig.TxtFuncMap()
	delete(known, "env")
	delete(known, "expandenv")
	toYaml := func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	own := template.FuncMap{
		"toYaml": toYaml,
		"toJson": func(value interface{}) string {
			text, err := json.Marshal(value)
			if err != nil {
				return ""
			}
			return string(text)
		},
		"fromYaml": func(text string) object {
			value := object{}
			if err := yaml.Unmarshal([]byte(text), &value); err != nil {
				value["Error"] = err.Error()
			}
			return value
		},
		"include": func(name string, data interface{}) (string, error) {
			var out strings.Builder
			err := all.ExecuteTemplate(&out, name, data)
			return out.String(), err
		},
		"tpl": func(text string, data interface{}) (string, error) {
			one, err := template.Must(all.Clone()).New("tpl").Parse(text)
			if err != nil {
				return "", err
			}
			var out strings.Builder
			err = one.Execute(&out, data)
			return out.String(), err
		},
		"required": func(message string, value interface{}) (interface{}, error) {
			if value == nil || value == "" {
				return value, fmt.Errorf("%s", message)
			}
			return value, nil
		},
		// Without a cluster Helm finds nothing either.
		"lookup": func(string, string, string, string) object { return object{} },
	}
	for name, function := range own {
		known[name] = function
	}
	return known
}

func readYaml(file string) (object, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	value := object{}
	return value, yaml.Unmarshal(text, &value)
}

// What is given wins, map by map; null takes a default away.
func merged(defaults object, given object) object {
	all := object{}
	for name, value := range defaults {
		all[name] = value
	}
	for name, value := range given {
		inner, isMap := value.(object)
		before, wasMap := all[name].(object)
		switch {
		case value == nil:
			delete(all, name)
		case isMap && wasMap:
			all[name] = merged(before, inner)
		default:
			all[name] = value
		}
	}
	return all
}
