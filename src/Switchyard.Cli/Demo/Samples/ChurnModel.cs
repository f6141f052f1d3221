namespace Switchyard.Cli.Demo.Samples;

/// <summary>A model as MLflow logs it: a folder with MLmodel and what is needed to run it.</summary>
internal static class ChurnModel
{
    public static IEnumerable<(string Path, string? Text)> Files(string runId, string[] features)
    {
        var inputs = string.Join(", ", features.Select(feature => $$"""{"type": "double", "name": "{{feature}}", "required": true}"""));
        yield return ("model/MLmodel", $$"""
            artifact_path: model
            flavors:
              python_function:
                env:
                  conda: conda.yaml
                  virtualenv: python_env.yaml
                loader_module: mlflow.sklearn
                model_path: model.pkl
                predict_fn: predict
                python_version: 3.12.4
              sklearn:
                code: null
                pickled_model: model.pkl
                serialization_format: cloudpickle
                sklearn_version: 1.5.1
            mlflow_version: 3.1.0
            model_size_bytes: 1024
            model_uuid: {{runId}}
            run_id: {{runId}}
            signature:
              inputs: '[{{inputs}}]'
              outputs: '[{"type": "long", "required": true}]'
              params: null
            utc_time_created: '2026-10-01 08:30:00.000000'

            """);
        yield return ("model/conda.yaml", """
            channels:
            - conda-forge
            dependencies:
            - python=3.12.4
            - pip
            - pip:
              - mlflow==3.1.0
              - scikit-learn==1.5.1
            name: mlflow-env

            """);
        yield return ("model/requirements.txt", "mlflow==3.1.0\nscikit-learn==1.5.1\n");
    }
}
