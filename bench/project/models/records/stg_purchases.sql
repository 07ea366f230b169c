{{ trustgate.stg() }}
