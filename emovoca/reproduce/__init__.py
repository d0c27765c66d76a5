"""Published numbers, records, claims and the runner of tables. The notebooks in `nbs/reproduce` are the source."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        catalogue=['papers', 'result_folder', 'tables'],
        claims=['Comparison', 'Verdict', 'count_verdicts', 'judged', 'untestable', 'verdict_table'],
        overview=['rows', 'write_overview'],
        published=['published_numbers'],
        records=['Record', 'read_records', 'save_table', 'summarise', 'write_records'],
        runner=['run_table', 'run_tables'],
        source=['open_data'],
        statistics=['ClipLabels', 'difference', 'estimate'],
    ),
)
