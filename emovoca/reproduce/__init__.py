"""Published numbers, records, claims and the runner of tables. The notebooks in `nbs/reproduce` are the source."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        claims=['Verdict', 'compare', 'count_verdicts', 'untestable', 'verdict_table'],
        overview=['rows', 'write_overview'],
        published=['published_numbers'],
        records=['Record', 'machine', 'read_records', 'save_table', 'summarise', 'write_records'],
        runner=['papers', 'result_folder', 'run_table', 'run_tables', 'tables'],
        source=['open_data'],
    ),
)
