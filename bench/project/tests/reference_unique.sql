select charge_id, _record_id
from (select charge_id, _record_id, count(*) over (partition by reference) as carriers from {{ ref('base_plain_charges') }} where reference is not null) as counted
where carriers > 1
